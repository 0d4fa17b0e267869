// Which tokens of a training sequence are given, and at which noise levels the others then are.
#include "difflm/training/clean_context.h"

#include <gtest/gtest.h>

namespace difflm::test {
namespace {

TEST(CleanContext, HidesTheRestOfTheShareOnly) {
  constexpr int64_t kRows = 4000;
  RandomStream random(7);
  const Tensor given = draw_given(kRows, 6, 0.5, random);
  std::vector<double> levels(kRows, 0.1);
  hide_rest(given, 0.4, levels, random);
  int64_t with_given = 0;
  int64_t hidden = 0;
  double sum = 0;
  for (int64_t row = 0; row < kRows; ++row) {
    const auto at = static_cast<size_t>(row);
    const bool has_given = given[row].sum().item<float>() > 0;
    with_given += has_given ? 1 : 0;
    if (levels[at] == 0.1) continue;
    ++hidden;
    sum += levels[at];
    EXPECT_TRUE(has_given);
    EXPECT_GT(levels[at], kHidden);
    EXPECT_LE(levels[at], 1);
  }
  EXPECT_NEAR(static_cast<double>(hidden) / static_cast<double>(with_given), 0.4, 0.04);
  EXPECT_NEAR(sum / static_cast<double>(hidden), 0.85, 0.01);
}

TEST(CleanContext, WithoutHidingNothingIsDrawn) {
  RandomStream random(7);
  const Tensor given = draw_given(10, 6, 1, random);
  RandomStream untouched = random;
  std::vector<double> levels(10, 0.1);
  hide_rest(given, 0, levels, random);
  EXPECT_EQ(levels, std::vector<double>(10, 0.1));
  EXPECT_EQ(random.next(), untouched.next()) << "runs of before would be other runs";
}

}  // namespace
}  // namespace difflm::test
