// Tokens recovered from noised held-out text: nothing lost near clean text, less with more noise, PAD never counted; and the map of
// an embedding table worked out by hand.
#include "difflm/evaluation/model/rounding_curve.h"

#include <gtest/gtest.h>

#include "difflm/evaluation/model/embedding_map.h"
#include "difflm/nn/random_tensor.h"
#include "model/small_model.h"

namespace difflm {
namespace {

using test::small_model;

std::vector<Batch> batches_of(bool padded) {
  Tensor tokens = torch::randint(kSpecialTokens, 20, {64, 12}, make_generator(4), torch::kInt64);
  if (padded) tokens = torch::cat({tokens, torch::full({64, 12}, kPad, torch::kInt64)}, 1);
  return {{tokens, 64 * 12}};
}

TEST(RoundingCurve, NoiseTakesTheWordsAway) {
  const auto small = small_model("[model]\nscale = 1.0\n", 20, 24);
  const auto curve = rounding_curve(small.diffusion(), batches_of(false), small.config, 1);
  EXPECT_EQ(curve.tokens, 64 * 12);
  ASSERT_EQ(curve.u.front(), 0.02);
  ASSERT_EQ(curve.u.back(), 1.0);
  for (const auto& [rounding, shares] : curve.from_noised) {
    ASSERT_EQ(shares.size(), curve.u.size()) << rounding;
    EXPECT_GT(shares.front(), 0.9) << rounding;
    EXPECT_LT(shares.back(), 0.2) << rounding;  // 1 of 20 by chance
    for (size_t i = 1; i < shares.size(); ++i) EXPECT_LT(shares[i], shares[i - 1] + 0.06) << rounding;
  }
  EXPECT_EQ(curve.from_noised.size(), 3u);
  EXPECT_EQ(curve.from_estimate.size(), 3u);
  // The logits' skip recovers clean tokens, and nothing from pure noise: about log 20.
  EXPECT_LT(curve.cross_entropy.front(), 0.3);
  EXPECT_GT(curve.cross_entropy.back(), 2);
  EXPECT_LT(curve.error.front(), 0.2);
  EXPECT_GT(curve.error.back(), 0.7);
}

TEST(RoundingCurve, TheNearestWordIsThatOfASearch) {
  const auto small = small_model("", 20, 24);
  const auto batches = batches_of(false);
  const auto curve = rounding_curve(small.diffusion(), batches, small.config, 1);
  const torch::NoGradGuard no_grad;
  auto& model = small.diffusion();
  const Tensor table = model.table();
  const Tensor x0 = DiffusionModel::embed(batches[0].tokens, table);
  const double a = model.process().alpha_bar(0.5);
  const Tensor noise = normal_tensor(x0.sizes(), stream_seed(1, "rounding curve", 0));
  const Tensor latent = (std::sqrt(a) * x0 + std::sqrt(1 - a) * noise) / std::sqrt(a);
  const Tensor found = torch::cdist(latent.flatten(0, 1), table).argmin(1).view_as(batches[0].tokens);
  const double share = (found == batches[0].tokens).to(torch::kFloat64).mean().item<double>();
  ASSERT_EQ(curve.u[5], 0.5);
  EXPECT_NEAR(curve.from_noised.at("nearest")[5], share, 2.0 / 768);  // a tie may fall either way
}

TEST(RoundingCurve, PaddingIsNotCounted) {
  const auto small = small_model("", 20, 24);
  const auto curve = rounding_curve(small.diffusion(), batches_of(true), small.config, 1);
  EXPECT_EQ(curve.tokens, 64 * 12);
  EXPECT_LT(curve.from_noised.at("nearest").back(), 0.2);
}

// Three words at (3,0), (-3,0) and (-3,0.1), norms 3, 3 and 3.0017.
TEST(EmbeddingMap, OfATableByHand) {
  Tensor table = torch::zeros({7, 2});
  table[4] = torch::tensor({3.0F, 0.0F});
  table[5] = torch::tensor({-3.0F, 0.0F});
  table[6] = torch::tensor({-3.0F, 0.1F});
  const auto tokenizer = test::word_tokenizer(7);
  const auto map = embedding_map(table, *tokenizer, {{4, 5, 5, 5, 6, 6}});
  EXPECT_EQ(map.words, 3);
  EXPECT_EQ(map.dimension, 2);
  const double norm = std::sqrt((9 + 9 + 9.01) / 3);
  EXPECT_NEAR(map.nearest, 0.1 / norm, 1e-6);  // median of 6, 0.1, 0.1
  EXPECT_NEAR(map.second_nearest, 6 / norm, 1e-3);
  EXPECT_NEAR(map.merged, 2.0 / 3, 1e-12);  // 0.1 < 0.3
  // cosines: -1, -0.99944 (3 / 3.00167), 0.99944
  EXPECT_NEAR(map.mean_cosine, -1.0 / 3, 1e-4);
  EXPECT_NEAR(map.dimensions_used, 1, 0.01);
  EXPECT_NEAR(map.variance_shown, 1, 1e-9);
  ASSERT_EQ(map.frequent.size(), 3u);
  EXPECT_EQ(map.frequent[0].text, tokenizer->piece(5));
  EXPECT_EQ(map.frequent[0].neighbours.front(), tokenizer->piece(6));
  EXPECT_EQ(map.frequent[1].text, tokenizer->piece(6));
  EXPECT_NEAR(std::hypot(map.frequent[0].x - map.frequent[2].x, map.frequent[0].y - map.frequent[2].y), 6, 1e-5);
}

TEST(EmbeddingMap, LeavesOutWordsThatTheTextNeverHas) {
  const auto tokenizer = test::word_tokenizer(9);
  EXPECT_EQ(embedding_map(torch::randn({9, 4}, make_generator(1)), *tokenizer, {{4, 6, 8, kUnknown}}).words, 3);
  EXPECT_EQ(embedding_map(torch::randn({9, 4}, make_generator(1)), *tokenizer, {}).words, 0);
}

}  // namespace
}  // namespace difflm
