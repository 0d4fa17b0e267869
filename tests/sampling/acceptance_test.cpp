// Corrections accepted by an autoregressive model: texts tend to its probabilities. (Programs: steering/steer_test.cpp.)
#include "difflm/sampling/acceptance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "sampling/random_run.h"
#include "sampling/runs_of_both_kinds.h"

namespace difflm::test {
namespace {

// Texts of one token, whose probabilities can all be computed.
TEST(Acceptance, WithAJudgeTextsTendToItsProbabilities) {
  difflm::Run run = open_run(diffusion_run());
  const AutoregressiveReader judge(autoregressive_run(), "judge");
  const torch::NoGradGuard no_grad;
  // What the model proposes is far from the judge's, so that its own probabilities must be divided out.
  parameter_of(*run.model, "rounding.bias").narrow(0, kSpecialTokens, 12).sub_(1.5);
  const Tensor words = torch::arange(kSpecialTokens, run.tokenizer->size());
  const Tensor expected = judge.log_probability(words.unsqueeze(1)).softmax(0);
  SamplingOptions options;
  options.steps = 5;
  options.corrections = 12;
  options.improbable = 1;
  const auto texts = [&](const std::string& folder, int64_t batch) {
    options.judge = folder;
    options.batch = batch;
    return generate(run, options, {3000, 1, 1});
  };
  const auto distance = [&](const std::vector<SampledText>& all) {
    Tensor shares = torch::zeros_like(expected);
    for (const auto& text : all) shares[text.tokens.at(0) - kSpecialTokens] += 1.0 / static_cast<double>(all.size());
    // Over eight groups of tokens by their probability: all tokens alone would show the noise of the draws.
    const Tensor order = expected.argsort(0, true);
    double sum = 0;
    for (const Tensor& group : order.chunk(8)) {
      sum += std::abs((shares.index_select(0, group) - expected.index_select(0, group)).sum().item<double>()) / 2;
    }
    return sum;
  };
  const auto judged = texts(autoregressive_run(), 1000);
  EXPECT_GT(distance(texts("", 1000)), 0.08) << "without the judge they are the model's own";
  EXPECT_LT(distance(judged), 0.04);
  EXPECT_EQ(texts_of(texts(autoregressive_run(), 700)), texts_of(judged)) << "the same in any batch";
}

TEST(Acceptance, AJudgeThatCannotAcceptIsRefused) {
  SamplingOptions options;
  options.judge = autoregressive_run();
  const auto refused = [&] {
    difflm::Run run = open_run(diffusion_run());
    return usage_message([&] { generate(run, options, {1, 1, 0}); });
  };
  EXPECT_NE(refused().find("expected sampling.corrections of at least 1"), std::string::npos);
  options.corrections = 1;
  EXPECT_NE(refused().find("sampling.improbable=1"), std::string::npos);
  options.improbable = 1;
  options.judge = diffusion_run();
  EXPECT_NE(refused().find("sampling.judge"), std::string::npos);
  options.judge = autoregressive_run();
  options.rounding = "cosine";
  EXPECT_NE(refused().find("another rounding decodes"), std::string::npos);
  options.rounding = "model";
  difflm::Run itself = open_run(autoregressive_run());
  EXPECT_NE(usage_message([&] { generate(itself, options, {1, 1, 0}); }).find("no corrections to accept"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
