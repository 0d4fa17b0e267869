// Every listed way to spread a noise time over positions, and the front's closed form.
#include "difflm/diffusion/spread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/expect_error.h"

namespace difflm::test {
namespace {

Config config_of(const std::vector<std::string>& overrides) {
  Config config;
  for (const auto& word : overrides) config.read_override(word);
  return config;
}

TEST(SpreadContract, LevelsAreInRangeAndLeaveSomethingToLearn) {
  for (const auto& name : spreads().names()) {
    SCOPED_TRACE(name);
    const auto spread = spreads().make(name, Config());
    RandomStream random(3, "times");
    for (int draw = 0; draw < 2000; ++draw) {
      const double u = 1 - random.uniform();
      const int64_t length = 1 + draw % 40;
      const auto levels = spread->draw(u, length, random);
      ASSERT_EQ(levels.size(), static_cast<size_t>(length));
      EXPECT_GE(*std::min_element(levels.begin(), levels.end()), 0);
      EXPECT_LE(*std::max_element(levels.begin(), levels.end()), 1);
      EXPECT_GT(*std::max_element(levels.begin(), levels.end()), 0) << u << " " << length;
      if (spread->is_even()) {
        EXPECT_EQ(levels, std::vector<double>(levels.size(), u));
      }
    }
  }
}

TEST(SpreadContract, EvenAloneIsEven) {
  for (const auto& name : spreads().names()) EXPECT_EQ(spreads().make(name, Config())->is_even(), name == "even");
}

TEST(SpreadContract, AShareOfZeroIsEven) {
  for (const std::string name : {"front", "independent"}) {
    const auto spread = spreads().make(name, config_of({"noise." + name + ".share=0"}));
    RandomStream random(3, "times");
    for (const double u : {0.2, 0.9}) EXPECT_EQ(spread->draw(u, 9, random), std::vector<double>(9, u)) << name;
  }
}

// Positions 0, 1 and 2 with a window of 2: the front runs over a way of 4, so each quarter of the time moves it by one position.
TEST(FrontLevels, EqualTheClosedForm) {
  EXPECT_EQ(front_levels(1.0, 3, 2), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(front_levels(0.75, 3, 2), (std::vector<double>{0.5, 1, 1}));
  EXPECT_EQ(front_levels(0.5, 3, 2), (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(front_levels(0.25, 3, 2), (std::vector<double>{0, 0, 0.5}));
  EXPECT_EQ(front_levels(0.0, 3, 2), (std::vector<double>{0, 0, 0}));
}

// A window much wider than the text noises all positions nearly alike; one of 1 leaves at most one position under way.
TEST(FrontLevels, RunFromEvenToOneAfterAnother) {
  for (const double u : {0.1, 0.45, 0.8}) {
    for (const double level : front_levels(u, 10, 1e6)) EXPECT_NEAR(level, u, 1e-4);
    int under_way = 0;
    for (const double level : front_levels(u, 10, 1)) under_way += level > 0 && level < 1 ? 1 : 0;
    EXPECT_LE(under_way, 1);
  }
}

TEST(FrontSpread, ASequenceHasCleanTextThenAWindowThenNoise) {
  const auto spread =
      spreads().make("front", config_of({"noise.front.share=1", "noise.front.shortest=3", "noise.front.longest=3"}));
  RandomStream random(5, "times");
  for (const double u : {0.1, 0.3, 0.5, 0.7, 0.9}) EXPECT_EQ(spread->draw(u, 20, random), front_levels(u, 20, 3));
}

TEST(FrontSpread, WindowsFillTheirRangeEvenlyInTheLogarithm) {
  const auto spread =
      spreads().make("front", config_of({"noise.front.share=1", "noise.front.shortest=2", "noise.front.longest=32"}));
  RandomStream random(5, "times");
  int below_middle = 0;  // of the logarithm: 8
  for (int draw = 0; draw < 4000; ++draw) {
    // At u = 0.5 the slope between two positions under way is 1 / window.
    const auto levels = spread->draw(0.5, 200, random);
    const auto first = std::find_if(levels.begin(), levels.end(), [](double level) { return level > 0; });
    const double window = 1 / (first[1] - first[0]);
    EXPECT_GT(window, 1.9);
    EXPECT_LT(window, 32.1);
    below_middle += window < 8 ? 1 : 0;
  }
  EXPECT_NEAR(below_middle, 2000, 130);
}

TEST(IndependentSpread, LevelsAreDrawnForEachPosition) {
  const auto spread = spreads().make("independent", config_of({"noise.independent.share=1"}));
  RandomStream random(5, "times");
  const auto levels = spread->draw(0.5, 1000, random);
  double mean = 0;
  for (const double level : levels) mean += level / 1000;
  EXPECT_NEAR(mean, 0.5, 0.03);
  EXPECT_GT(std::set<double>(levels.begin(), levels.end()).size(), 990);
}

TEST(FrontSpread, ARangeTurnedRoundIsAUsageError) {
  const auto config = config_of({"noise.front.shortest=9", "noise.front.longest=3"});
  EXPECT_NE(usage_message([&] { spreads().make("front", config); }).find("at least shortest"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
