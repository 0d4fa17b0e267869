// Tokens are drawn again where the model finds them improbable, or everywhere, from its probabilities.
#include "difflm/sampling/corrector.h"

#include <gtest/gtest.h>

#include <cmath>

#include "difflm/sampling/row_noise.h"
#include "difflm/sampling/spelled_words.h"
#include "model/small_model.h"
#include "sampling/pieces.h"

namespace difflm::test {
namespace {

constexpr int64_t kDraws = 2000;
constexpr int64_t kTextTokens = 7;

// A model that gives at every place: token 7 with probability 0.6, token 8 with 0.4, whatever the neighbours.
class CorrectorTest : public testing::Test {
 protected:
  void SetUp() override {
    randomise_parameters(*small_.model, 0.0);
    const torch::NoGradGuard no_grad;
    Tensor bias = parameter_of(*small_.model, "rounding.bias");
    bias.fill_(-30);
    bias[7] = std::log(0.6F);
    bias[8] = std::log(0.4F);
  }

  // One sweep over texts of `word`, with one generator and one stream per row.
  Rounding::Rounded swept(int64_t word, double improbable, const Tensor& fixed = {}, double temperature = 1,
                          Steering* steering = nullptr, double top_p = 1) {
    const torch::NoGradGuard no_grad;
    DiffusionModel& model = small_.diffusion();
    std::vector<uint64_t> seeds;
    std::vector<RandomStream> random;
    for (uint64_t row = 0; row < kDraws; ++row) {
      seeds.push_back(row);
      random.emplace_back(row);
    }
    RowNoise noise(seeds, kTextTokens, model.dimension(), torch::kCPU);
    Rounding::Rounded text = {torch::full({kDraws, kTextTokens}, word, torch::kInt64), torch::full({kDraws, kTextTokens}, 0.9F)};
    Corrector(model, model.table(), {improbable, temperature, top_p})
        .sweep(text, {fixed, {{}, {}, {}, {}}, std::ref(noise), random, steering});
    return text;
  }

  // Fifteen sweeps over texts of 7, accepted with the weight `weight` for each 8.
  Rounding::Rounded accepted(double weight, double replaced) {
    const torch::NoGradGuard no_grad;
    DiffusionModel& model = small_.diffusion();
    std::vector<uint64_t> seeds(kDraws);
    std::vector<RandomStream> random;
    for (uint64_t row = 0; row < kDraws; ++row) random.emplace_back(seeds[row] = row);
    RowNoise noise(seeds, kTextTokens, model.dimension(), torch::kCPU);
    Rounding::Rounded text = {torch::full({kDraws, kTextTokens}, 7, torch::kInt64), torch::full({kDraws, kTextTokens}, 0.9F)};
    Corrector::Batch batch = {{}, {{}, {}, {}, {}}, std::ref(noise), random};
    batch.weigh = [weight](const Rounding::Rounded& words) {
      const Tensor eights = (words.tokens == 8).sum(1).to(torch::kFloat64) * std::log(weight);
      return std::vector<double>(eights.data_ptr<double>(), eights.data_ptr<double>() + kDraws);
    };
    batch.replaced = replaced;
    for (int sweep = 0; sweep < 15; ++sweep) Corrector(model, model.table(), {1, 1}).sweep(text, batch);
    return text;
  }

  static double share_of(const Tensor& tokens, int64_t word) { return (tokens == word).to(torch::kFloat64).mean().item<double>(); }

  SmallModel small_ = small_model("");
};

TEST_F(CorrectorTest, DrawsFromWhatTheModelSays) {
  const Rounding::Rounded text = swept(5, 0.1);
  EXPECT_NEAR(share_of(text.tokens, 7), 0.6, 0.02);
  EXPECT_NEAR(share_of(text.tokens, 8), 0.4, 0.02);
  const Tensor expected = torch::where(text.tokens == 7, torch::full({}, 0.6F), torch::full({}, 0.4F));
  EXPECT_TRUE(torch::allclose(text.probability, expected, 0, 1e-4));
}

TEST_F(CorrectorTest, ALowerTemperatureDrawsTheLikelierMoreOften) {
  EXPECT_NEAR(share_of(swept(5, 0.1, {}, 0.5).tokens, 7), 0.36 / (0.36 + 0.16), 0.02);
}

TEST_F(CorrectorTest, DrawsFromTheNucleusAlone) { EXPECT_EQ(share_of(swept(5, 1, {}, 1, nullptr, 0.5).tokens, 7), 1); }

TEST_F(CorrectorTest, KeepsWhatIsProbableEnough) {
  const Rounding::Rounded kept = swept(8, 0.6);  // 8 is two thirds as probable as 7
  EXPECT_EQ(share_of(kept.tokens, 8), 1);
  EXPECT_TRUE(torch::equal(kept.probability, torch::full({kDraws, kTextTokens}, 0.9F)));
  EXPECT_NEAR(share_of(swept(8, 0.7).tokens, 7), 0.6, 0.02);
  EXPECT_EQ(share_of(swept(5, 0).tokens, 5), 1);
}

TEST_F(CorrectorTest, AtOneDrawsEveryTokenSoThatRareOnesStayAsFrequent) {
  const Rounding::Rounded text = swept(7, 1);  // the most probable one
  EXPECT_NEAR(share_of(text.tokens, 7), 0.6, 0.02);
  EXPECT_NEAR(share_of(text.tokens, 8), 0.4, 0.02);
}

// Guides towards token 8 by a factor, and remembers what it was shown.
struct WishForEight : Steering {
  explicit WishForEight(double by) : factor(by) {}
  bool guides_logits() const override { return true; }
  Tensor guide_logits(const SteeredEstimate& estimate) override {
    EXPECT_TRUE(torch::allclose(estimate.probabilities.sum(-1), torch::ones({kDraws, kTextTokens}), 1e-4, 1e-4));
    const Tensor given = estimate.given > 0;
    EXPECT_TRUE((estimate.probabilities.amax(-1).masked_select(given) == 1).all().item<bool>()) << "given words are certain";
    asked += 1;
    Tensor guidance = torch::zeros_like(estimate.probabilities);
    guidance.select(-1, 8).fill_(std::log(factor));
    return guidance;
  }
  double factor;
  int asked = 0;
};

TEST_F(CorrectorTest, AsksAWishForEveryWordItDrawsAnew) {
  WishForEight wish(6);  // 0.6 to 0.4 becomes 0.6 to 2.4
  const Rounding::Rounded text = swept(5, 0.1, {}, 1, &wish);
  EXPECT_EQ(wish.asked, 4);
  EXPECT_NEAR(share_of(text.tokens, 8), 0.8, 0.02);
  EXPECT_NEAR(share_of(swept(7, 0.3, {}, 1, &wish).tokens, 8), 0.8, 0.02) << "probable without the wish, improbable with it";
  EXPECT_EQ(share_of(swept(7, 0.2, {}, 1, &wish).tokens, 7), 1);
  EXPECT_EQ(share_of(swept(8, 1, {}, 1, &wish).tokens, 8), 1) << "it may be all that fulfils the wish";
  EXPECT_NEAR(share_of(swept(7, 1, {}, 1, &wish).tokens, 8), 0.8, 0.02) << "no wish is for it";
}

// With weights w^(number of 8s), each token tends to 0.6 to 0.4 w, whatever the others are; to 1 to w where the weights replace the
// model's probability, to the root of it where they replace half.
TEST_F(CorrectorTest, TextsTendToTheirWeightTimesTheModelsProbability) {
  for (const double replaced : {0.0, 0.5, 1.0}) {
    const double odds = 3 * std::pow(0.4 / 0.6, 1 - replaced);
    const Tensor tokens = accepted(3, replaced).tokens;
    EXPECT_NEAR(share_of(tokens, 8), odds / (1 + odds), 0.02) << replaced;
    const Tensor both = tokens.select(1, 0).eq(8).logical_and(tokens.select(1, 5).eq(8));
    EXPECT_NEAR(share_of(both, 1), std::pow(odds / (1 + odds), 2), 0.035) << replaced;
  }
}

TEST_F(CorrectorTest, WhatIsRefusedKeepsItsProbability) {
  const Rounding::Rounded text = accepted(3, 0);
  const Tensor expected = torch::where(text.tokens == 7, torch::full({}, 0.6F), torch::full({}, 0.4F));
  EXPECT_TRUE(torch::allclose(text.probability, expected, 0, 1e-4));
}

TEST_F(CorrectorTest, LeavesWhatIsFixed) {
  Tensor fixed = torch::zeros({kDraws, kTextTokens}, torch::kBool);
  fixed.select(1, 3).fill_(true);
  const Rounding::Rounded text = swept(5, 0.1, fixed);
  EXPECT_EQ(share_of(text.tokens.select(1, 3), 5), 1);
  EXPECT_EQ(share_of(text.tokens.select(1, 2), 5), 0);
}

TEST_F(CorrectorTest, SpellsUnknownWordsAnewExceptWhereATokenIsFixed) {
  const torch::NoGradGuard no_grad;
  DiffusionModel& model = small_.diffusion();
  const Tensor table = model.table();
  const SpelledWords spelling{Pieces(static_cast<Token>(table.size(0)))};
  const auto respelled = [&](const Tensor& fixed) {
    std::vector<RandomStream> random(2, RandomStream(1));
    RowNoise noise({1, 2}, kTextTokens, model.dimension(), torch::kCPU);
    const Tensor tokens = torch::tensor({kStart, kCat, kTe, kStop, kCat, kStop, kEnd}, torch::kInt64).repeat({2, 1});
    Rounding::Rounded text = {tokens, torch::full({2, kTextTokens}, 0.9F)};
    Corrector(model, table, {1, 1}).respell(text, spelling, {fixed, {{}, {}, {}, {}}, std::ref(noise), random});
    return text;
  };
  const Rounding::Rounded text = respelled({});
  const Tensor expected = torch::tensor({kStart, kMa, kNa, kStop, kCat, kStop, kEnd}, torch::kInt64).repeat({2, 1});
  EXPECT_TRUE(torch::equal(text.tokens, expected)) << text.tokens;
  EXPECT_NEAR(text.probability[0][2].item<float>(), 0.6, 1e-3) << "what the model gives";
  EXPECT_EQ(text.probability[0][4].item<float>(), 0.9F);
  Tensor fixed = torch::zeros({2, kTextTokens}, torch::kBool);
  fixed[1][2] = true;
  const Rounding::Rounded kept = respelled(fixed);
  EXPECT_TRUE(torch::equal(kept.tokens[0], expected[0]));
  EXPECT_EQ(kept.tokens[1][1].item<int64_t>(), kCat);
}

}  // namespace
}  // namespace difflm::test
