// The bound on toys that can be summed by hand.
#include "difflm/evaluation/model/masked_bound.h"

#include <gtest/gtest.h>

#include <cmath>

namespace difflm {
namespace {

std::vector<Batch> one_batch(const Tensor& tokens) { return {{tokens, tokens.numel()}}; }

TEST(MaskedBound, OfIndependentWordsIsTheirEntropy) {
  const Tensor tokens = (torch::arange(4000) % 4 == 0).to(torch::kInt64).view({400, 10});  // a quarter are word 1
  const MaskedNats ideal = [](const Tensor& words, const Tensor&) {
    return torch::where(words == 1, torch::full({}, -std::log(0.25)), torch::full({}, -std::log(0.75)));
  };
  const double entropy = -0.25 * std::log(0.25) - 0.75 * std::log(0.75);
  for (const int64_t draws : {10, 50}) {  // all numbers of hidden words
    const auto bound = masked_bound(ideal, draws, one_batch(tokens), 3);
    EXPECT_NEAR(bound.total, entropy, 4 * bound.error) << draws;
    EXPECT_LT(bound.error, 0.02);
    EXPECT_EQ(bound.tokens, 4000);
  }
  EXPECT_NEAR(masked_bound(ideal, 3, one_batch(tokens), 3).total, entropy, 0.05) << "a sample of them";
}

// Both words of a text are the same, each of two equally often: the best model knows the second from the first.
TEST(MaskedBound, OfWordsThatFollowFromEachOtherIsExact) {
  const Tensor tokens = (torch::arange(200) % 2).to(torch::kInt64).view({200, 1}).repeat({1, 2});
  const MaskedNats ideal = [](const Tensor& words, const Tensor& given) {
    const Tensor known = given.sum(1, true) > 0;
    return torch::where(known, torch::zeros({}), torch::full({}, std::log(2.0))).expand_as(words);
  };
  const auto bound = masked_bound(ideal, 2, one_batch(tokens), 1);
  EXPECT_NEAR(bound.total, std::log(2.0) / 2, 1e-6) << "ln 2 for both words";
  EXPECT_NEAR(bound.error, 0, 1e-6);
}

}  // namespace
}  // namespace difflm
