// Which runs make a pair of a contrast, and what is averaged before: seeds alone count as independent.
#include <gtest/gtest.h>

#include <limits>

#include "comparison/small_results.h"
#include "difflm/comparison/verdict.h"

namespace difflm {
namespace {

using test::finish;
using test::kLower;
using test::kNearest;
using test::kRounding;
using test::kSoftmax;
using test::small_results;
using test::variants;
using test::verdict_of;

// Without seed 3, which only softmax has, the differences are -1 and -3; its 100 would move the mean of softmax too.
TEST(VerdictPairs, OnlySeedsThatBothSidesHaveArePairs) {
  auto results = small_results({kRounding}, {1, 2, 3});
  finish(results, kSoftmax, kLower, {1, 2, 100});
  finish(results, kNearest, kLower, {2, 5});
  const auto verdict = verdict_of(results, kSoftmax, kNearest, kLower);
  EXPECT_EQ(verdict.difference.pairs, 2);
  EXPECT_NEAR(verdict.difference.mean, -2, 1e-12);
  EXPECT_NEAR(verdict.first, 1.5, 1e-12);
  // A metric that is undefined is as good as none.
  finish(results, kNearest, kLower, {2, 5, std::numeric_limits<double>::quiet_NaN()});
  EXPECT_EQ(verdict_of(results, kSoftmax, kNearest, kLower).difference.pairs, 2);
}

// Four pairs of runs, but two seeds: seed 1 has (1 + 3) / 2 - (4 + 4) / 2 = -2, seed 2 has (2 + 6) / 2 - (5 + 11) / 2 = -4.
TEST(VerdictPairs, OtherAxesAreAveragedWithinASeed) {
  auto results = small_results({kRounding, {"width", variants({"narrow", "wide"})}}, {1, 2});
  const auto put = [&](const char* rounding, const char* width, const std::vector<double>& values) {
    finish(results, {{"rounding", rounding}, {"width", width}}, kLower, values);
  };
  put("softmax", "narrow", {1, 2});
  put("softmax", "wide", {3, 6});
  put("nearest", "narrow", {4, 5});
  put("nearest", "wide", {4, 11});
  const auto verdict = verdict_of(results, kSoftmax, kNearest, kLower);
  EXPECT_EQ(verdict.difference.pairs, 2);
  EXPECT_NEAR(verdict.difference.mean, -3, 1e-12);
  // Without one wide run seed 2 has narrow ones alone: 2 - 5 = -3.
  test::run_of(results, {{"rounding", "nearest"}, {"width", "wide"}}, 2).evaluations.clear();
  const auto fewer = verdict_of(results, kSoftmax, kNearest, kLower);
  EXPECT_EQ(fewer.difference.pairs, 2);
  EXPECT_NEAR(fewer.difference.mean, -2.5, 1e-12);
}

// Few - more in softmax: 10 - 7 and 20 - 15. Averaged settings of softmax and nearest: 8.5 - 1 and 17.5 - 2.
TEST(VerdictPairs, SamplingSettingsAreComparedWithinARunOrAveraged) {
  auto results = small_results({kRounding}, {1, 2}, {"few", "more"});
  finish(results, kSoftmax, kLower, {10, 20}, "few");
  finish(results, kSoftmax, kLower, {7, 15}, "more");
  finish(results, kNearest, kLower, {0, 1}, "few");
  finish(results, kNearest, kLower, {2, 3}, "more");
  const auto in_softmax =
      verdict_of(results, {{"rounding", "softmax"}, {kSampling, "few"}}, {{"rounding", "softmax"}, {kSampling, "more"}}, kLower);
  EXPECT_EQ(in_softmax.difference.pairs, 2);
  EXPECT_NEAR(in_softmax.difference.mean, 4, 1e-12);
  // Over both roundings: seed 1 has (3 - 2) / 2, seed 2 has (5 - 2) / 2.
  EXPECT_NEAR(verdict_of(results, {{kSampling, "few"}}, {{kSampling, "more"}}, kLower).difference.mean, 1, 1e-12);
  EXPECT_NEAR(verdict_of(results, kSoftmax, kNearest, kLower).difference.mean, 11.5, 1e-12);
  // Half a run does not count as a whole one, but its own setting is as good as ever.
  test::run_of(results, kSoftmax, 2).evaluations.erase("more");
  EXPECT_EQ(verdict_of(results, kSoftmax, kNearest, kLower).difference.pairs, 1);
  EXPECT_EQ(
      verdict_of(results, {{"rounding", "softmax"}, {kSampling, "few"}}, {{"rounding", "nearest"}, {kSampling, "few"}}, kLower)
          .difference.pairs,
      2);
}

}  // namespace
}  // namespace difflm
