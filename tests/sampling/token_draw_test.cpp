// Tokens are drawn as often as they are probable, from all of them or from the most probable ones.
#include "difflm/sampling/token_draw.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace difflm::test {
namespace {

// How often each token is drawn, of 8,000 draws.
std::vector<double> shares(const Tensor& probabilities, double top_p) {
  const TokenDraw draw(probabilities, top_p);
  RandomStream random(5);
  std::vector<double> counts(static_cast<size_t>(probabilities.size(1)), 0);
  for (int i = 0; i < 8000; ++i) counts[static_cast<size_t>(draw.draw(0, random))] += 1.0 / 8000;
  return counts;
}

TEST(TokenDraw, OfANucleusLeavesTheTailOut) {
  // The unit of the probabilities does not matter.
  for (const double unit : {1.0, 7.0}) {
    const Tensor probabilities = unit * torch::tensor({{0.05, 0.3, 0.5, 0.15}}, torch::kFloat64);
    const std::vector<std::vector<double>> expected = {{0.05, 0.3, 0.5, 0.15}, {0, 0.375, 0.625, 0}, {0, 0, 1, 0}};
    const std::vector<double> top_p = {1, 0.7, 0.4};  // 0.7: the first two have 0.8, one alone has less
    for (size_t i = 0; i < top_p.size(); ++i) {
      const auto found = shares(probabilities, top_p[i]);
      for (size_t token = 0; token < 4; ++token) {
        EXPECT_NEAR(found[token], expected[i][token], expected[i][token] == 0 ? 0 : 0.02) << top_p[i] << " " << token;
      }
    }
    EXPECT_NEAR(shares(probabilities, 0)[2], 1, 1e-9) << "never none";
  }
}

TEST(TokenDraw, ReadsBothPrecisionsAndGivesProbabilitiesAndEntropies) {
  const Tensor probabilities = torch::tensor({{0.25, 0.5, 0.0, 0.25}, {0.0, 0.0, 3.0, 0.0}}, torch::kFloat64);
  for (const auto type : {torch::kFloat64, torch::kFloat32, torch::kBFloat16}) {
    const TokenDraw draw(probabilities.to(type));
    RandomStream random(2);
    for (int i = 0; i < 50; ++i) {
      EXPECT_NE(draw.draw(0, random), 2);
      EXPECT_EQ(draw.draw(1, random), 2);
    }
    EXPECT_EQ(draw.probability(0, 1), 0.5);
    EXPECT_NEAR(draw.entropy(0), 1.5 * std::log(2.0), 1e-12);
    EXPECT_NEAR(draw.entropy(1), 0, 1e-12);
  }
}

}  // namespace
}  // namespace difflm::test
