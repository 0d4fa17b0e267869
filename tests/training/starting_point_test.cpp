// Training that begins with a trained run: it starts as the run, whatever is new, and what does not fit is refused before any work.
#include "difflm/training/starting_point.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/files.h"
#include "difflm/data/prepared.h"
#include "difflm/model/autoregressive_model.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

constexpr const char* kAutoregressive = "[model]\nkind = \"autoregressive\"\n";

class StartingPointTest : public testing::Test {
 protected:
  // A run of eight steps in folder `name`.
  std::string trained(const std::string& name, const std::string& toml = "") const {
    tiny_run(tiny_run_config(toml), folder_.file(name));
    return folder_.file(name);
  }

  // Other texts and another seed, beginning with `run`; `toml` comes on top.
  static Config fine_tuning(const std::string& run, const std::string& toml = "") {
    return tiny_run_config("[data.builtin]\nsentences = 300\nseed = 2\n[train]\nseed = 5\nstart = \"" + run + "\"\n" + toml);
  }

  TrainingRun set_up(const Config& config, const std::string& name) {
    std::filesystem::create_directories(folder_.file(name));
    return set_up_run(config, folder_.file(name), [&](const std::string& line) { said_ += line + "\n"; });
  }

  std::string refusal(const Config& config) {
    return usage_message([&] { set_up(config, "refused"); });
  }

  TemporaryFolder folder_;
  std::string said_;
};

TEST_F(StartingPointTest, BeginsWithTheAveragedWeightsAndTheVocabulary) {
  const std::string run = trained("base");
  const TrainingRun tuned = set_up(fine_tuning(run, "[model.softmax]\nunigrams = true\n"), "tuned");
  const difflm::Run base = open_run(run);
  EXPECT_TRUE(same_vocabulary(*tuned.tokenizer, *base.tokenizer));
  EXPECT_NE(tuned.corpus.hash, base.corpus.hash);
  const NamedTensors expected = model_tensors(*base.model);
  for (const auto& [name, tensor] : model_tensors(*tuned.model)) EXPECT_TRUE(torch::equal(tensor, expected.at(name))) << name;
  EXPECT_NE(said_.find("of the words are not in the vocabulary of"), std::string::npos) << said_;
  EXPECT_NE(said_.find("begins with what"), std::string::npos) << said_;
}

// Labels are new inputs of the network of a diffusion model.
TEST_F(StartingPointTest, ANewLabelSaysNothingYetToADiffusion) {
  const std::string run = trained("base");
  const difflm::Run base = open_run(run);
  const TrainingRun tuned = set_up(fine_tuning(run, "[model]\nlabels = true\n"), "tuned");
  auto& before = dynamic_cast<DiffusionModel&>(*base.model);
  auto& after = dynamic_cast<DiffusionModel&>(*tuned.model);
  after.eval();
  const torch::NoGradGuard no_grad;
  DenoiseInput input = {torch::randn({2, 7, before.dimension()}), torch::full({2}, 0.4, torch::kFloat64), {}, {}};
  const Tensor expected = before.estimate(input, before.table()).x0;
  const auto labels = static_cast<int64_t>(after.label_embedding()->labels().size());
  ASSERT_GT(labels, 0);
  input.labels = torch::ones({2, labels});
  EXPECT_TRUE(torch::allclose(after.estimate(input, after.table()).x0, expected, 0, 1e-6));
  const NamedTensors tensors = model_tensors(after);
  const Tensor table = tensors.at("labels.table");
  EXPECT_EQ(tensors.at("denoiser.input.weight").narrow(1, -table.size(1), table.size(1)).abs().max().item<float>(), 0);
  EXPECT_GT(table.abs().min().item<float>(), 0) << "vectors and weights that are both 0 never learn";
}

// Labels are added to the token vectors of an autoregressive model.
TEST_F(StartingPointTest, ANewLabelSaysNothingYetToAnAutoregressiveModel) {
  const std::string run = trained("base", kAutoregressive);
  const difflm::Run base = open_run(run);
  const TrainingRun tuned = set_up(fine_tuning(run, std::string(kAutoregressive) + "labels = true\n"), "tuned");
  auto& before = dynamic_cast<AutoregressiveModel&>(*base.model);
  auto& after = dynamic_cast<AutoregressiveModel&>(*tuned.model);
  after.eval();
  const torch::NoGradGuard no_grad;
  const Tensor words = torch::randint(4, before.parameters().front().size(0), {2, 6}, torch::kInt64);
  const auto labels = static_cast<int64_t>(after.label_embedding()->labels().size());
  EXPECT_TRUE(torch::allclose(after.logits(words, torch::ones({2, labels})), before.logits(words), 0, 1e-6));
}

TEST_F(StartingPointTest, GoesOnWithoutTheRunOnceItHasBegun) {
  const std::string run = trained("base");
  Config config = fine_tuning(run);
  config.set("train.steps", {int64_t{4}, "test"});
  tiny_run(config, folder_.file("tuned"));
  std::filesystem::remove_all(run);
  config.set("train.steps", {int64_t{8}, "test"});
  EXPECT_EQ(tiny_run(config, folder_.file("tuned")).progress.step, 8);
}

// Prepared texts have their tokenizer, whatever the value of data.tokenizer.
TEST_F(StartingPointTest, TakesTextsPreparedWithItsVocabulary) {
  const std::string run = trained("base");
  const TrainingRun tuned = set_up(fine_tuning(run, "[data]\ntokenizer = \"char\"\nprepared = \"" + run + "/data\"\n"), "tuned");
  EXPECT_EQ(tuned.corpus.hash, open_run(run).corpus.hash);
}

TEST_F(StartingPointTest, RefusesWhatDoesNotFit) {
  const std::string run = trained("base");
  EXPECT_NE(refusal(fine_tuning(folder_.file("none"))).find("is not a trained run"), std::string::npos);
  EXPECT_NE(refusal(fine_tuning(run, "[model.transformer]\nwidth = 32\n")).find("has shape"), std::string::npos);
  EXPECT_NE(refusal(fine_tuning(run, kAutoregressive)).find("is of kind 'diffusion'"), std::string::npos);
  EXPECT_NE(refusal(fine_tuning(run, "[data]\ntokenizer = \"char\"\n")).find("set data.tokenizer=word"), std::string::npos);
  const std::string other = trained("other", "[data.builtin]\nseed = 9\n") + "/data";
  EXPECT_NE(refusal(fine_tuning(run, "[data]\nprepared = \"" + other + "\"\n")).find("expected the same words"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("refused/config.toml")));
}

}  // namespace
}  // namespace difflm::test
