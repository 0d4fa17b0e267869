// The answer of a contrast for each direction of a metric, Holm over all contrasts, and when there is none: worked by hand.
#include "difflm/comparison/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "comparison/small_results.h"

namespace difflm {
namespace {

using test::finish;
using test::kAsHeldOut;
using test::kHigher;
using test::kLower;
using test::kNearest;
using test::kRounding;
using test::kSoftmax;
using test::small_results;
using test::verdict_of;
using testing::HasSubstr;
using Outcome = Verdict::Outcome;

constexpr double kStudent2 = 4.302652729749463;  // 95% with 2 degrees of freedom

Results rounding_results(const std::string& metric, const std::vector<double>& softmax, const std::vector<double>& nearest,
                         double held_out = 0) {
  Results results = small_results({kRounding}, {1, 2, 3});
  finish(results, kSoftmax, metric, softmax, "default", held_out);
  finish(results, kNearest, metric, nearest, "default", held_out);
  return results;
}

// Differences -1, -1.1, -0.9: mean -1, standard deviation 0.1, t = 17.32; for 2 degrees p = 1 - t / sqrt(2 + t^2) = 1 - sqrt(300 /
// 302).
TEST(Verdict, LowerIsBetter) {
  const auto verdict = verdict_of(rounding_results(kLower, {2, 3, 4}, {3, 4.1, 4.9}), kSoftmax, kNearest, kLower);
  EXPECT_EQ(verdict.outcome, Outcome::first_better);
  EXPECT_EQ(verdict.difference.pairs, 3);
  EXPECT_NEAR(verdict.difference.mean, -1, 1e-12);
  EXPECT_NEAR(verdict.difference.upper, -1 + kStudent2 * 0.1 / std::sqrt(3), 1e-9);
  EXPECT_NEAR(verdict.p_corrected, 1 - std::sqrt(300.0 / 302), 1e-9);
  EXPECT_NEAR(verdict.first, 3, 1e-12);
  EXPECT_NEAR(verdict.second, 4, 1e-12);
  EXPECT_FALSE(verdict.to_held_out);
  EXPECT_THAT(verdict.sentence, HasSubstr("rounding=softmax beats rounding=nearest in energy_distance"));
  EXPECT_THAT(verdict.sentence, HasSubstr("lower is better"));
}

TEST(Verdict, HigherIsBetterTurnsTheSameFiguresRound) {
  const auto results = rounding_results(kHigher, {2, 3, 4}, {3, 4.1, 4.9});
  const auto verdict = verdict_of(results, kSoftmax, kNearest, kHigher);
  EXPECT_EQ(verdict.outcome, Outcome::second_better);
  EXPECT_NEAR(verdict.difference.mean, -1, 1e-12);
  EXPECT_THAT(verdict.sentence, HasSubstr("is worse than"));
  const auto turned = verdict_of(results, kNearest, kSoftmax, kHigher);
  EXPECT_EQ(turned.outcome, Outcome::first_better);
  EXPECT_NEAR(turned.difference.mean, 1, 1e-12);
}

// Held-out text has 5. Distances 0.1, 0.1, 0.2 against 1.1, 1, 1.1: differences -1, -0.9, -0.9, mean -2.8 / 3, although the
// metrics themselves differ by no more than 15.2 / 3 and 16.2 / 3 do, on both sides of 5.
TEST(Verdict, AsHeldOutComparesDistances) {
  const auto verdict = verdict_of(rounding_results(kAsHeldOut, {5.1, 4.9, 5.2}, {6.1, 4, 6.1}, 5), kSoftmax, kNearest, kAsHeldOut);
  EXPECT_EQ(verdict.outcome, Outcome::first_better);
  EXPECT_TRUE(verdict.to_held_out);
  EXPECT_NEAR(verdict.difference.mean, -2.8 / 3, 1e-12);
  EXPECT_NEAR(verdict.first, 15.2 / 3, 1e-12);
  EXPECT_NEAR(verdict.second, 16.2 / 3, 1e-12);
  EXPECT_NEAR(verdict.held_out, 5, 1e-12);
  EXPECT_THAT(verdict.sentence, HasSubstr("held-out text has 5, nearer is better"));
}

// Differences 1, 2, 3 have t = 3.46 and p = 0.074.
TEST(Verdict, ALargeButUnsteadyDifferenceIsNotShown) {
  const auto verdict = verdict_of(rounding_results(kLower, {11, 22, 33}, {10, 20, 30}), kSoftmax, kNearest, kLower);
  EXPECT_EQ(verdict.outcome, Outcome::no_difference);
  EXPECT_NEAR(verdict.difference.p, 1 - std::sqrt(12.0 / 14), 1e-9);
  EXPECT_THAT(verdict.sentence, HasSubstr("No difference shown"));
}

// Differences 5 - sqrt(3), 5, 5 + sqrt(3): t = 5 and p = 1 - 5 / sqrt(27) = 0.038, but twice that for one of two questions.
TEST(Verdict, EveryContrastThatWasAskedCountsForHolm) {
  const double s = std::sqrt(3);
  auto results = rounding_results(kLower, {5 - s, 5, 5 + s}, {0, 0, 0});
  const double p = 1 - 5 / std::sqrt(27);
  const auto alone = verdict_of(results, kSoftmax, kNearest, kLower);
  EXPECT_EQ(alone.outcome, Outcome::second_better);
  EXPECT_NEAR(alone.p_corrected, p, 1e-9);
  results.plan.experiment.contrasts = {{"main", kSoftmax, kNearest, kLower}, {"none", kSoftmax, kNearest, kHigher}};
  const auto both = verdicts(results);
  EXPECT_EQ(both[0].outcome, Outcome::no_difference);
  EXPECT_NEAR(both[0].p_corrected, 2 * p, 1e-9);
  EXPECT_THAT(both[0].sentence, HasSubstr("corrected"));
  EXPECT_EQ(both[1].outcome, Outcome::no_answer);
}

TEST(Verdict, WithoutTwoPairsOrTheMetricThereIsNoAnswer) {
  const auto one = verdict_of(rounding_results(kLower, {1}, {2, 3, 4}), kSoftmax, kNearest, kLower);
  EXPECT_EQ(one.outcome, Outcome::no_answer);
  EXPECT_EQ(one.difference.pairs, 1);
  EXPECT_THAT(one.sentence, HasSubstr("at least 2 are needed"));
  const auto unknown = verdict_of(rounding_results(kLower, {1, 2}, {2, 3}), kSoftmax, kNearest, "judge_perplexity");
  EXPECT_EQ(unknown.outcome, Outcome::no_answer);
  EXPECT_THAT(unknown.sentence, HasSubstr("no evaluation has the metric judge_perplexity"));
  EXPECT_EQ(verdict_of(small_results({kRounding}, {1, 2}), kSoftmax, kNearest, kLower).outcome, Outcome::no_answer);
}

}  // namespace
}  // namespace difflm
