// Which finished runs belong together, what they are called, and their mean over seeds with its interval.
#include "difflm/comparison/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "comparison/small_results.h"

namespace difflm {
namespace {

using test::kLower;
using test::kNearest;
using test::kRounding;
using test::kSoftmax;
using testing::ElementsAre;

const Axis kWidth = {"width", test::variants({"wide"})};

std::vector<std::string> names_of(const Results& results) {
  std::vector<std::string> names;
  for (const auto& group : groups_of(results)) names.push_back(name_of(group, results.plan.experiment));
  return names;
}

TEST(Groups, AreChoicesBySettingsWithAFinishedRun) {
  auto results = test::small_results({kRounding}, {1, 2}, {"few", "more"});
  EXPECT_TRUE(groups_of(results).empty());
  test::finish(results, kSoftmax, kLower, {1, 2}, "more");
  test::finish(results, kSoftmax, kLower, {1}, "few");
  test::finish(results, kNearest, kLower, {1}, "more");
  const auto groups = groups_of(results);
  EXPECT_THAT(names_of(results), ElementsAre("nearest / more", "softmax / few", "softmax / more"));
  EXPECT_EQ(groups[0].choice_index, 0U);
  EXPECT_EQ(groups[1].choice_index, 1U);
  EXPECT_EQ(groups[2].runs.size(), 2U);
}

TEST(Groups, NamesAreAsShortAsTheyCanBe) {
  auto one = test::small_results({kRounding}, {1});
  test::finish(one, kSoftmax, kLower, {1});
  EXPECT_THAT(names_of(one), ElementsAre("softmax"));
  auto two = test::small_results({kRounding, kWidth}, {1});
  test::finish(two, {{"rounding", "softmax"}, {"width", "wide"}}, kLower, {1});
  EXPECT_THAT(names_of(two), ElementsAre("rounding=softmax, width=wide"));
  auto none = test::small_results({}, {1}, {"few", "more"});
  test::finish(none, {}, kLower, {1}, "more");
  EXPECT_THAT(names_of(none), ElementsAre("more"));
  auto bare = test::small_results({}, {1});
  test::finish(bare, {}, kLower, {1});
  EXPECT_THAT(names_of(bare), ElementsAre("the model"));
}

// 1, 2, 3: mean 2, standard deviation 1, and 4.3027 / sqrt(3) to either side.
TEST(Groups, SpreadIsOverTheSeedsThatHaveTheMetric) {
  auto results = test::small_results({kRounding}, {1, 2, 3, 4});
  test::finish(results, kSoftmax, kLower, {1, 2, 3, std::numeric_limits<double>::quiet_NaN()});
  for (auto& run : results.runs) {
    if (!run.evaluations.empty()) run.evaluations["default"]["model"]["cost"]["parameters"] = 7;
  }
  const auto groups = groups_of(results);
  const Spread spread = groups.at(0).over_seeds("samples", kLower);
  EXPECT_EQ(spread.seeds, 3);
  EXPECT_NEAR(spread.mean, 2, 1e-12);
  EXPECT_NEAR(spread.lower, 2 - 4.302652729749463 / std::sqrt(3), 1e-9);
  EXPECT_NEAR(spread.upper, 2 + 4.302652729749463 / std::sqrt(3), 1e-9);
  const Spread none = groups.at(0).over_seeds("samples", "mauve");
  EXPECT_EQ(none.seeds, 0);
  EXPECT_TRUE(std::isnan(none.mean));
  EXPECT_EQ(groups.at(0).over_seeds("/model/cost/parameters").seeds, 4);
  EXPECT_EQ(groups.at(0).over_seeds("/model/cost/parameters").mean, 7);
  EXPECT_EQ(groups.at(0).over_seeds("/model/none").seeds, 0);
}

// No interval follows from one seed, and none is claimed.
TEST(Groups, OneSeedIsItsOwnMean) {
  auto results = test::small_results({kRounding}, {1});
  test::finish(results, kSoftmax, kLower, {5});
  const Spread spread = groups_of(results).at(0).over_seeds("samples", kLower);
  EXPECT_EQ(spread.seeds, 1);
  EXPECT_EQ(spread.lower, 5);
  EXPECT_EQ(spread.upper, 5);
}

}  // namespace
}  // namespace difflm
