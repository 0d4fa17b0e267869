// The soft judge: the log-likelihood of a certain text, its gradient, and what it refuses.
#include "difflm/model/autoregressive_reader.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "nn/finite_differences.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

class AutoregressiveReaderTest : public testing::Test {
 protected:
  std::string autoregressive(const std::string& toml = "") {
    const std::string folder = folder_.path() + "/" + std::to_string(++count_);
    tiny_run(
        tiny_run_config("[model]\nkind = \"autoregressive\"\n[model.autoregressive]\nwidth = 16\nlayers = 1\nheads = 2\n" + toml),
        folder);
    return folder;
  }
  static Tensor sure(const Tensor& tokens, int64_t vocabulary) { return torch::one_hot(tokens, vocabulary).to(torch::kFloat32); }

  TemporaryFolder folder_;
  int count_ = 0;
};

// For certain tokens it is the model's own log-likelihood, END included and PAD left out, in every kind of sequence.
TEST_F(AutoregressiveReaderTest, SureWordsHaveTheLogLikelihoodOfTheModel) {
  for (const std::string packing : {"bucket", "pad", "block"}) {
    SCOPED_TRACE(packing);
    const AutoregressiveReader judge(autoregressive("[data]\npacking = \"" + packing + "\"\n"), "fluency");
    auto& model = dynamic_cast<AutoregressiveModel&>(*judge.run().model);
    Tensor tokens = torch::tensor({{6, 9, 12, 7, 5}, {20, 8, 5, 11, 30}});
    if (packing == "pad") tokens = torch::tensor({{int64_t{kStart}, int64_t{9}, int64_t{kEnd}, int64_t{kPad}, int64_t{kPad}}});
    const NextTokens next = next_tokens(tokens, judge.run().packing->frame());
    const torch::NoGradGuard no_grad;
    const Tensor scores = model.logits(next.inputs).log_softmax(-1);
    const Tensor scored = (next.targets != -100).to(torch::kFloat32);
    const Tensor chosen = scores.gather(-1, next.targets.clamp_min(0).unsqueeze(-1)).squeeze(-1);
    const Tensor expected = (chosen * scored).sum(1) / scored.sum(1);
    const Tensor found = judge.log_likelihood(sure(tokens, judge.run().tokenizer->size()));
    EXPECT_TRUE(torch::allclose(found, expected, 1e-4, 1e-5)) << found << expected;
  }
}

TEST_F(AutoregressiveReaderTest, TheGradientIsThatOfFiniteDifferences) {
  const AutoregressiveReader judge(autoregressive(), "fluency");
  torch::manual_seed(1);
  const Tensor probabilities = torch::randn({2, 4, judge.run().tokenizer->size()}).softmax(-1).set_requires_grad(true);
  const auto loss = [&] { return judge.log_likelihood(probabilities).sum(); };
  expect_gradients(loss, {{"words", probabilities}}, {1e-2, 2e-2});
  for (const auto& parameter : judge.run().model->parameters()) EXPECT_FALSE(parameter.requires_grad());
}

TEST_F(AutoregressiveReaderTest, AModelOfOtherWordsOrAnotherKindIsRefused) {
  EXPECT_NE(usage_message([] { AutoregressiveReader("", "fluency"); }).find("expected the run folder of an autoregressive model"),
            std::string::npos);
  const std::string diffusion = folder_.path() + "/diffusion";
  tiny_run(tiny_run_config(""), diffusion);
  EXPECT_NE(usage_message([&] { AutoregressiveReader(diffusion, "fluency"); }).find("holds a model of kind diffusion"),
            std::string::npos);
  const difflm::Run run = open_run(diffusion);
  const auto refused = [&](const std::string& toml) {
    const AutoregressiveReader judge(autoregressive(toml), "fluency");
    return usage_message([&] { judge.check_reads(*run.tokenizer, *run.packing, "fluency"); });
  };
  EXPECT_NE(refused("[data.word]\nlowercase = true\n").find("another vocabulary"), std::string::npos);
  const std::string other = run.packing->frame() == Frame::framed ? "bucket" : "pad";
  EXPECT_NE(refused("[data]\npacking = \"" + other + "\"\n").find("another kind of sequences"), std::string::npos);
  AutoregressiveReader(autoregressive(), "fluency").check_reads(*run.tokenizer, *run.packing, "fluency");
}

}  // namespace
}  // namespace difflm::test
