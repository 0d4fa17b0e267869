// Student's figures against numerical integration at 30 digits (mpmath), Holm's correction and a paired difference worked by hand.
#include "difflm/comparison/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "difflm/core/error.h"

namespace difflm {
namespace {

TEST(Statistics, StudentQuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(student_quantile(0.95, 1), 12.706204736432095, 1e-9);
  EXPECT_NEAR(student_quantile(0.95, 2), 4.302652729749463, 1e-11);
  EXPECT_NEAR(student_quantile(0.95, 3), 3.182446305284263, 1e-11);
  EXPECT_NEAR(student_quantile(0.95, 4), 2.7764451051977987, 1e-11);
  EXPECT_NEAR(student_quantile(0.95, 9), 2.262157162798205, 1e-11);
  EXPECT_NEAR(student_quantile(0.99, 30), 2.7499956535672, 1e-9);
  EXPECT_EQ(student_within(0, 5), 0);
}

// Differences 1, 2, 3: mean 2, standard deviation 1, error 1/sqrt(3), t = 3.4641 with 2 degrees of freedom.
TEST(Statistics, PairedDifferenceByHand) {
  const std::vector<double> first = {11, 22, 33};
  const std::vector<double> second = {10, 20, 30};
  const auto found = paired_difference(first, second);
  EXPECT_EQ(found.pairs, 3);
  EXPECT_DOUBLE_EQ(found.mean, 2);
  EXPECT_NEAR(found.lower, 2 - 4.302652729749463 / std::sqrt(3), 1e-9);
  EXPECT_NEAR(found.upper, 2 + 4.302652729749463 / std::sqrt(3), 1e-9);
  EXPECT_NEAR(found.p, 1 - std::sqrt(12.0 / 14), 1e-12);  // for 2 degrees P(|T| <= t) = t / sqrt(2 + t^2)
  EXPECT_DOUBLE_EQ(found.effect, 2);
}

TEST(Statistics, EqualPairsShowNothing) {
  const std::vector<double> same = {1, 2, 3};
  const auto found = paired_difference(same, same);
  EXPECT_EQ(found.mean, 0);
  EXPECT_EQ(found.p, 1);
  EXPECT_EQ(found.effect, 0);
}

TEST(Statistics, TooFewOrUnequalPairsAreRefused) {
  const std::vector<double> one = {1};
  const std::vector<double> two = {1, 2};
  EXPECT_THROW(paired_difference(one, one), Error);
  EXPECT_THROW(paired_difference(one, two), Error);
}

TEST(Statistics, HolmStepsDown) {
  const std::vector<double> p = {0.01, 0.04, 0.03, 0.005};
  const auto corrected = holm(p);
  EXPECT_NEAR(corrected[0], 0.03, 1e-12);
  EXPECT_NEAR(corrected[1], 0.06, 1e-12);
  EXPECT_NEAR(corrected[2], 0.06, 1e-12);
  EXPECT_NEAR(corrected[3], 0.02, 1e-12);
  EXPECT_EQ(holm(std::vector<double>{0.9, 0.8})[0], 1);
}

}  // namespace
}  // namespace difflm
