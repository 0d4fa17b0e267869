// Every listed way to draw noise levels: in (0,1], as often high as low, and a function of the stream.
#include "difflm/diffusion/time_sampling.h"

#include "difflm/diffusion/time_sampling/bell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

namespace difflm::test {
namespace {

// The mean square of Beta(2,2) is 0.3.
const std::map<std::string, double> kMeanSquares = {{"uniform", 1.0 / 3}, {"stratified", 1.0 / 3}, {"bell", 0.2 / 3 + 0.8 * 0.3}};

TEST(TimeSamplingContract, DrawsAreSpreadAsTheySay) {
  for (const auto& name : time_samplings().names()) {
    SCOPED_TRACE(name);
    const auto times = time_samplings().make(name, Config());
    double mean = 0;
    double mean_square = 0;
    constexpr int kBatches = 1000;
    constexpr int64_t kBatch = 50;
    for (int i = 0; i < kBatches; ++i) {
      RandomStream random(7, "times", static_cast<uint64_t>(i));
      const std::vector<double> draw = times->draw(kBatch, random);
      ASSERT_EQ(draw.size(), kBatch);
      for (const double u : draw) {
        EXPECT_GT(u, 0);
        EXPECT_LE(u, 1);
        mean += u / (kBatches * kBatch);
        mean_square += u * u / (kBatches * kBatch);
      }
    }
    EXPECT_NEAR(mean, 0.5, 0.01);
    EXPECT_NEAR(mean_square, kMeanSquares.at(name), 0.005);
  }
}

TEST(TimeSamplingContract, DrawsDependOnTheStreamAlone) {
  for (const auto& name : time_samplings().names()) {
    SCOPED_TRACE(name);
    const auto times = time_samplings().make(name, Config());
    RandomStream one(3);
    RandomStream same(3);
    RandomStream other(4);
    const std::vector<double> draw = times->draw(9, one);
    EXPECT_EQ(draw, time_samplings().make(name, Config())->draw(9, same));
    EXPECT_NE(draw, times->draw(9, other));
  }
}

TEST(TimeSampling, BellHasTheQuantilesOfBeta22) {
  for (const double x : {0.01, 0.2, 0.5, 0.77, 0.99}) EXPECT_NEAR(BellTimes::quantile(x * x * (3 - 2 * x)), x, 1e-12);
}

TEST(TimeSampling, StratifiedPutsOneInEachPartInAnyOrder) {
  const auto times = time_samplings().make("stratified", Config());
  bool unsorted = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    RandomStream random(seed);
    std::vector<double> draw = times->draw(8, random);
    unsorted |= !std::is_sorted(draw.begin(), draw.end(), std::greater<>());
    std::sort(draw.begin(), draw.end());
    for (size_t i = 0; i < 8; ++i) {
      EXPECT_GT(draw[i], static_cast<double>(i) / 8 - 1e-12);
      EXPECT_LE(draw[i], static_cast<double>(i + 1) / 8 + 1e-12);
    }
  }
  EXPECT_TRUE(unsorted);
}

}  // namespace
}  // namespace difflm::test
