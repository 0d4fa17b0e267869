// Mixed decoding against the definition: what is certain is unchanged, what is unknown is the autoregressive model's.
#include "difflm/sampling/mixed_decoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/expect_error.h"
#include "difflm/data/prepared.h"
#include "difflm/sampling/generate.h"
#include "sampling/runs_of_both_kinds.h"

namespace difflm::test {
namespace {

class MixedDecoderTest : public testing::Test {
 protected:
  static difflm::Run diffusion(const std::string& toml = "") {
    difflm::Run run = open_run(diffusion_run());
    run.config.read_toml("[sampling.mixed]\nautoregressive = \"" + autoregressive_run() + "\"\n" + toml, "test.toml");
    return run;
  }
  static std::vector<RandomStream> streams(int64_t rows) {
    std::vector<RandomStream> random;
    for (int64_t row = 0; row < rows; ++row) random.emplace_back(static_cast<uint64_t>(row));
    return random;
  }
};

// Frequencies of the second token, after a given one, against the formula computed here.
TEST_F(MixedDecoderTest, WordsAreDrawnFromTheMixture) {
  const difflm::Run run = diffusion("weight = 0.7\n");
  const difflm::Run other = open_run(autoregressive_run());
  const torch::NoGradGuard no_grad;
  auto& model = dynamic_cast<AutoregressiveModel&>(*other.model);
  const int64_t vocabulary = run.tokenizer->size();
  constexpr int64_t kCases = 6000;
  constexpr double kTemperature = 0.8;
  torch::manual_seed(4);
  const Tensor logits = torch::randn({1, 2, vocabulary});
  logits[0][1][7] = 5;  // so that the diffusion is fairly confident
  const Tensor standing = torch::tensor({{5, -1}}, torch::kInt64);
  const Tensor own = (logits[0][1] / kTemperature).log_softmax(-1);
  const Tensor next = (model.next_logits(torch::tensor({{int64_t{kStart}, int64_t{5}}}))[0] / kTemperature).log_softmax(-1);
  Tensor counts = torch::ones({vocabulary}, torch::kFloat64);
  for (const auto& text : open_prepared(prepared_folder(run.config, run.folder)).training) {
    for (const Token token : text) counts[token] += 1;
  }
  Tensor mixed = own + 0.7 * (next - (counts / counts.sum()).log().to(torch::kFloat32));
  for (const Token token : {kPad, kStart, kEnd, kUnknown}) mixed[token] = -1e30;
  const Tensor expected = mixed.softmax(-1);

  auto random = streams(kCases);
  const auto best =
      MixedDecoder(run).decode(logits.expand({kCases, 2, vocabulary}), standing.expand({kCases, 2}), kTemperature, random);
  std::map<int64_t, double> seen;
  for (int64_t row = 0; row < kCases; ++row) {
    EXPECT_EQ(best.tokens[row][0].item<int64_t>(), 5);
    const auto word = best.tokens[row][1].item<int64_t>();
    seen[word] += 1.0 / kCases;
    EXPECT_NEAR(best.probability[row][1].item<double>(), expected[word].item<double>(), 1e-4);
  }
  for (int64_t word = 0; word < vocabulary; ++word) EXPECT_NEAR(seen[word], expected[word].item<double>(), 0.025) << word;
}

TEST_F(MixedDecoderTest, WithoutWeightTheDiffusionSpeaksAlone) {
  const difflm::Run run = diffusion("weight = 0.0\n");
  const Tensor logits = torch::zeros({2, 3, run.tokenizer->size()});
  for (int64_t at = 0; at < 3; ++at) {
    logits[0][at][6 + at] = 50;
    logits[1][at][9 + at] = 50;
  }
  auto random = streams(2);
  const auto best = MixedDecoder(run).decode(logits, {}, 1, random);
  EXPECT_TRUE(torch::equal(best.tokens, torch::tensor({{6, 7, 8}, {9, 10, 11}}, torch::kInt64)));
}

// A text is the same in any batch, has its length, and differs from one without mixing; the diffusion ends at its level.
TEST_F(MixedDecoderTest, TextsAreWrittenByBoth) {
  difflm::Run run = diffusion("from = 0.6\n");
  SamplingOptions options;
  options.steps = 10;
  options.rounding = "mixed";
  const auto texts = [&](int64_t batch) {
    options.batch = batch;
    std::vector<std::string> all;
    for (const auto& sample : generate(run, options, {6, 2, 9})) {
      EXPECT_EQ(sample.tokens.size(), 9);
      all.push_back(sample.text);
    }
    return all;
  };
  const auto mixed = texts(64);
  EXPECT_EQ(texts(2), mixed);
  double lowest = 1;
  SampleEvents events;
  events.on_step = [&](const SampleStep& step) {
    lowest = std::min(lowest, step.u);
    return true;
  };
  generate(run, options, {1, 2, 9}, events);
  EXPECT_LE(lowest, 0.6);
  EXPECT_GT(lowest, 0.45);
  options.rounding = "model";
  EXPECT_NE(texts(64), mixed);
}

TEST_F(MixedDecoderTest, WhatCannotBeMixedIsRefused) {
  SamplingOptions options;
  options.steps = 4;
  options.rounding = "mixed";
  const auto refused = [&](difflm::Run run) { return usage_message([&] { generate(run, options, {1, 1, 0}); }); };
  difflm::Run run = open_run(diffusion_run());
  EXPECT_NE(refused(run).find("sampling.mixed.autoregressive: is missing"), std::string::npos);
  EXPECT_NE(refused(open_run(autoregressive_run())).find("has no latents to round"), std::string::npos);
  difflm::Run itself = open_run(diffusion_run());
  itself.config.read_toml("[sampling.mixed]\nautoregressive = \"" + itself.folder + "\"\n", "test.toml");
  EXPECT_NE(refused(itself).find("expected one of kind autoregressive"), std::string::npos);
  const std::string others = trained_once("others", "[model]\nkind = \"autoregressive\"\n[data.builtin]\nseed = 5\n");
  difflm::Run foreign = open_run(diffusion_run());
  foreign.config.read_toml("[sampling.mixed]\nautoregressive = \"" + others + "\"\n", "test.toml");
  EXPECT_NE(refused(foreign).find("another vocabulary"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
