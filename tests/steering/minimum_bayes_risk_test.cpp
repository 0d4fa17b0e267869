// Agreement by BLEU: values worked out by hand, and the choice among candidates.
#include "difflm/steering/minimum_bayes_risk.h"

#include <gtest/gtest.h>

#include <cmath>

namespace difflm::test {
namespace {

TEST(MinimumBayesRisk, EqualTextsAgreeAndTheOutlierDoesNot) {
  const std::vector<Sequence> texts = {{5, 6, 7, 8, 9}, {5, 6, 7, 8, 9}, {10, 11, 12, 13, 14}};
  const auto values = agreement(texts);
  // No match of any order counts as a tenth: precisions 0.1/5, 0.1/4, 0.1/3, 0.1/2.
  const double outlier = std::pow(0.1 * 0.1 * 0.1 * 0.1 / (5.0 * 4 * 3 * 2), 0.25);
  EXPECT_NEAR(values[0], (1 + outlier) / 2, 1e-12);
  EXPECT_NEAR(values[1], (1 + outlier) / 2, 1e-12);
  EXPECT_NEAR(values[2], outlier, 1e-12);
}

TEST(MinimumBayesRisk, MatchesAreClippedAndShortTextsPay) {
  // Precisions of the first against the second: 1-grams 1 of 2 (clipped), 2-grams 0.1 of 1, none longer (0.1 of 1 each).
  const std::vector<Sequence> texts = {{5, 5}, {5, 6, 7}};
  const auto values = agreement(texts);
  EXPECT_NEAR(values[0], std::pow(0.5 * 0.1 * 0.1 * 0.1, 0.25) * std::exp(1 - 1.5), 1e-12);
  EXPECT_NEAR(values[1], std::pow(1.0 / 3 * (0.1 / 2) * 0.1 * 0.1, 0.25), 1e-12);
}

TEST(MinimumBayesRisk, ALoneOrEmptyTextAgreesWithNothing) {
  EXPECT_EQ(agreement(std::vector<Sequence>{{5, 6}}), (std::vector<double>{0}));
  EXPECT_EQ(agreement(std::vector<Sequence>{{}, {5}})[0], 0);
  EXPECT_TRUE(agreement(std::vector<Sequence>{}).empty());
}

}  // namespace
}  // namespace difflm::test
