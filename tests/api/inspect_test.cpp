// Texts through the public interface: what is seen and chosen, and a training that is fitted to them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/temporary_folder.h"
#include "difflm/difflm.h"

namespace difflm::test {
namespace {

constexpr const char* kTiny =
    "data.spaced.vocab_size = 300\nmodel.learned.dimension = 16\nmodel.transformer.width = 16\nmodel.transformer.layers = 1\n"
    "model.transformer.heads = 2\ntrain.steps = 3\ntrain.validation_sequences = 8\ntrain.sample_every = 0\n";

std::string roses(int count) {
  std::string lines;
  for (int at = 0; at < count; ++at) lines += fmt::format("A rose, {} times {}, is still a rose.\n", at % 9, at);
  return lines;
}

bool chose(const Inspection& seen, const std::string& key) {
  return std::any_of(seen.choices.begin(), seen.choices.end(), [&](const auto& one) { return one.key == key; });
}

TEST(Inspect, says_what_it_saw_and_what_it_would_choose) {
  const TemporaryFolder folder;
  const std::string file = folder.write("roses.txt", roses(80));
  const Inspection seen = inspect({.texts = {file}, .settings = {"train.batch=5"}});
  EXPECT_EQ(seen.texts, 80);
  EXPECT_EQ(seen.files, 1);
  EXPECT_EQ(seen.bytes, static_cast<int64_t>(roses(80).size()));
  EXPECT_EQ(seen.format, "txt");
  EXPECT_GE(seen.tokenizers.size(), 3U);
  EXPECT_TRUE(chose(seen, "data.corpus"));
  EXPECT_TRUE(chose(seen, "data.length"));
  EXPECT_FALSE(chose(seen, "train.batch"));
  for (const auto& one : seen.choices) EXPECT_FALSE(one.reason.empty()) << one.key;
  EXPECT_NE(seen.toml.find("data.length = "), std::string::npos);
  EXPECT_NE(seen.json.find("\"data.length\""), std::string::npos);
}

TEST(Inspect, refuses_what_cannot_be_fitted_to_texts) {
  const TemporaryFolder folder;
  const std::string file = folder.write("roses.txt", roses(80));
  EXPECT_THROW(inspect({}), RunError);
  EXPECT_THROW(inspect({.texts = {folder.path() + "/nothere.txt"}}), RunError);
  EXPECT_THROW(inspect({.texts = {file}, .settings = {"train.stesp=3"}}), RunError);
  EXPECT_THROW(inspect({.texts = {file}, .settings = {"model.kind=classifier"}}), RunError);  // it reads the texts of its base
}

TEST(Train, fits_the_recipe_to_texts_once_and_goes_on_with_it) {
  const TemporaryFolder folder;
  TrainRequest request = {.folder = folder.path() + "/run", .texts = {folder.write("roses.txt", roses(80))}, .toml = kTiny};
  int inspections = 0;
  request.on_inspection = [&](const Inspection& seen) {
    ++inspections;
    EXPECT_EQ(seen.texts, 80);
  };
  const Training done = train(request);
  EXPECT_EQ(done.steps, 3);
  EXPECT_EQ(done.folder, request.folder);
  EXPECT_EQ(inspections, 1);
  const ModelInfo run = describe(request.folder);
  EXPECT_EQ(run.tokenizer, "spaced");
  EXPECT_NE(folder.read("run/chosen.toml").find("data.packing = "), std::string::npos);

  request.settings = {"train.steps=4"};
  EXPECT_EQ(train(request).steps, 4);
  EXPECT_EQ(train({.folder = request.folder, .settings = {"train.steps=5"}}).steps, 5);  // by its own configuration
  EXPECT_EQ(inspections, 1);
  EXPECT_EQ(describe(request.folder).configuration.find("chosen"), std::string::npos);

  request.settings = {"data.length=24"};
  EXPECT_THROW(train(request), RunError);  // another model than the run's
}

TEST(Train, keeps_what_was_asked_for_over_what_is_chosen) {
  const TemporaryFolder folder;
  const std::string file = folder.write("roses.txt", roses(80));
  const std::string own = folder.write("own.toml", "data.tokenizer = \"char\"\n");
  train({.folder = folder.path() + "/run", .texts = {file}, .configs = {own}, .toml = kTiny, .settings = {"data.length=56"}});
  const ModelInfo run = describe(folder.path() + "/run");
  EXPECT_EQ(run.tokenizer, "char");
  EXPECT_EQ(run.longest, 56);
}

}  // namespace
}  // namespace difflm::test
