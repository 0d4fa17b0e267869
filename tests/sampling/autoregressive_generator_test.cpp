// Texts token by token: drawn from the softmax of the model, at low temperature the most probable.
#include "difflm/sampling/autoregressive_generator.h"

#include <gtest/gtest.h>

#include <map>

#include "sampling/random_run.h"

namespace difflm::test {
namespace {

TEST(AutoregressiveGenerator, IsGreedyAtLowTemperature) {
  difflm::Run run = random_run("[model]\nkind = \"autoregressive\"\n");
  auto& model = dynamic_cast<AutoregressiveModel&>(*run.model);
  SamplingOptions options = few_steps();
  options.temperature = 1e-3;
  const auto samples = generate(run, options, request_of(3));
  std::vector<Token> expected;
  std::vector<int64_t> inputs = {kStart};
  while (expected.size() < static_cast<size_t>(kLength)) {
    Tensor logits = model.logits(torch::tensor(inputs).unsqueeze(0))[0][-1].clone();
    for (const Token token : {kStart, kUnknown, kPad}) logits[token] = -1e30;
    const auto next = static_cast<Token>(logits.argmax().item<int64_t>());
    if (next == kEnd) break;
    expected.push_back(next);
    inputs.push_back(next);
  }
  for (const auto& sample : samples) {
    EXPECT_EQ(sample.tokens, run.packing->unpack(expected));
    EXPECT_GT(sample.confidence, 0.99);
  }
  options.temperature = 100;
  const auto hot = generate(run, options, request_of(3));
  EXPECT_NE(hot[0].text, hot[1].text);
  EXPECT_LT(hot[0].confidence, 0.2);
}

TEST(AutoregressiveGenerator, DrawsFromTheSoftmax) {
  difflm::Run run = random_run("[model]\nkind = \"autoregressive\"\n[data]\npacking = \"block\"\n");
  run.length = 1;
  auto& model = dynamic_cast<AutoregressiveModel&>(*run.model);
  SamplingOptions options = few_steps(1000);
  options.temperature = 2;
  {
    // PAD becomes far more probable than any other token, and is still never written; END becomes rare.
    const torch::NoGradGuard no_grad;
    const Tensor words = parameter_of(*run.model, "embedding.weight");
    const Tensor scores = model.logits(torch::zeros({1, 1}, torch::kInt64))[0][0].narrow(0, kSpecialTokens, 20);
    words[kPad].copy_(words[kSpecialTokens + scores.argmax().item<int64_t>()] * 10);
    words[kEnd].zero_();
  }
  Tensor logits = model.logits(torch::zeros({1, 1}, torch::kInt64))[0][0].detach().clone() / 2;
  for (const Token token : {kStart, kUnknown, kPad}) logits[token] = -1e30;
  const Tensor chances = torch::softmax(logits, 0);
  std::map<Token, int> seen;
  constexpr int kCount = 4000;
  for (const auto& sample : generate(run, options, request_of(kCount))) {
    if (!sample.tokens.empty()) ++seen[sample.tokens[0]];
  }
  for (Token token = kSpecialTokens; token < 24; ++token) {
    EXPECT_NEAR(seen[token] / static_cast<double>(kCount), chances[token].item<double>(), 0.02) << token;
  }
  options.top_p = 1e-6;
  for (const auto& sample : generate(run, options, request_of(20))) {
    const Token written = sample.tokens.empty() ? Token{kEnd} : sample.tokens[0];
    EXPECT_EQ(written, chances.argmax().item<int64_t>()) << "the nucleus is the most probable token";
  }
}

}  // namespace
}  // namespace difflm::test
