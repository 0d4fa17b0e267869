// A corpus is prepared from its documents one by one: what a failure or a stop leaves, and that a failed start is no half a corpus.
#include "difflm/data/preparation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/data/prepared.h"

namespace difflm::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

Config config_of(const std::string& path) {
  Config config;
  config.read_toml(fmt::format("[data]\npath = \"{}\"\nvalidation = 0.3\n[data.word]\nmin_count = 1\n", path), "test.toml");
  return config;
}

CorpusFacts prepare_into(const std::string& folder, const Config& config, const std::function<bool()>& stop = {}) {
  return prepare_data(read_options<DataOptions>(config, "data"), config, folder, nullptr, {}, stop);
}

std::string many_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("line number {} of them\n", i);
  return text;
}

TEST(Preparation, CanBeStoppedAndLeavesNothing) {
  const TemporaryFolder folder;
  const Config config = config_of(folder.write("corpus.txt", many_lines(3000)));
  int asked = 0;
  EXPECT_THAT(failure_message([&] { prepare_into(folder.file("data"), config, [&] { return ++asked > 15; }); }),
              HasSubstr("stopped"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("data")));
  const CorpusFacts facts = prepare_into(folder.file("data"), config, [] { return false; });
  EXPECT_EQ(facts.training.documents, open_prepared(folder.file("data")).training.size());
}

TEST(Preparation, AFailureLeavesTheFolderAsItWas) {
  const TemporaryFolder folder;
  const Config good = config_of(folder.write("corpus.txt", many_lines(100)));
  prepare_into(folder.file("data"), good);
  const std::string before = folder.read("data/train.jsonl");
  const Config bad = config_of(folder.write("broken.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n{\"text\":\n"));
  usage_message([&] { prepare_into(folder.file("data"), bad); });
  EXPECT_EQ(folder.read("data/train.jsonl"), before);
  EXPECT_FALSE(std::filesystem::exists(folder.file("data/train.jsonl.tmp")));
}

TEST(Preparation, ALargeOnlyTextIsKeptInParts) {
  const TemporaryFolder folder;
  std::string text;
  while (text.size() < 9'000'000) text += "the old river runs by the old mill ";
  const CorpusFacts facts = prepare_into(folder.file("data"), config_of(folder.write("corpus.txt", text)));
  EXPECT_EQ(facts.training.documents, 2U);
  EXPECT_EQ(facts.validation.documents, 1U);
  EXPECT_EQ(facts.training.tokens + facts.validation.tokens, text.size() / 35 * 8);
  EXPECT_THAT(facts.source.notes, Contains(HasSubstr("kept in 3 parts")));
  EXPECT_EQ(facts.duplicates, 0U);
}

TEST(Preparation, AnOnlyTextIsCutInTwo) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 300; ++i) text += "river stone bread ";
  prepare_into(folder.file("data"), config_of(folder.write("corpus.txt", text)));
  const auto texts = open_prepared(folder.file("data")).documents();
  ASSERT_EQ(texts.training.size(), 1U);
  ASSERT_EQ(texts.validation.size(), 1U);
  EXPECT_EQ(texts.training[0].text + texts.validation[0].text, text);
}

TEST(Preparation, KeepsWhatTheReadingNotedAndCountsCopies) {
  const TemporaryFolder folder;
  const CorpusFacts facts =
      prepare_into(folder.file("data"), config_of(folder.write("corpus.txt", many_lines(50) + "\n" + many_lines(50))));
  EXPECT_EQ(facts.duplicates, 50U);
  EXPECT_THAT(facts.source.notes, Contains(HasSubstr("kept: 50 copies")));
  EXPECT_THAT(facts.source.notes, Contains(HasSubstr("empty (blank lines too), left out: 1")));
  EXPECT_EQ(read_corpus_facts(folder.file("data/data.json")), facts);
}

TEST(Preparation, LabelsAreThoseOfTenTrainingTexts) {
  const TemporaryFolder folder;
  std::string lines;
  for (int i = 0; i < 60; ++i)
    lines += fmt::format("{{\"text\": \"text number {}\", \"id\": {}, \"topic\": \"Arts, Culture\"}}\n", i, i);
  EXPECT_EQ(prepare_into(folder.file("data"), config_of(folder.write("corpus.jsonl", lines))).labels,
            (std::vector<Label>{{"topic", "Arts, Culture"}}));
}

}  // namespace
}  // namespace difflm::test
