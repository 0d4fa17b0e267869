// Every listed way to draw noise levels: in (0,1], unbiased, and resumable.
#include "difflm/diffusion/time_sampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace difflm::test {
namespace {

// Tells a sampler of a loss that grows with u, over all of [0,1].
void teach(TimeSampling& times) {
  for (int i = 0; i < 1000; ++i) {
    const double u = (i + 0.5) / 1000;
    times.observe({u}, {0.1 + 2 * u});
  }
}

struct Sums {
  double u = 0;         // mean of u
  double weight = 0;    // mean weight
  double weighted = 0;  // mean of weight * u
  double integral = 0;  // mean of weight * u^2, an estimate of 1/3
};

Sums draw_many(const TimeSampling& times) {
  Sums sums;
  constexpr int kBatches = 1000;
  constexpr int64_t kBatch = 50;
  for (int i = 0; i < kBatches; ++i) {
    RandomStream random(7, "times", static_cast<uint64_t>(i));
    const TimeDraw draw = times.draw(kBatch, random);
    EXPECT_EQ(draw.u.size(), kBatch);
    EXPECT_EQ(draw.weight.size(), kBatch);
    for (size_t j = 0; j < draw.u.size(); ++j) {
      EXPECT_GT(draw.u[j], 0);
      EXPECT_LE(draw.u[j], 1);
      sums.u += draw.u[j];
      sums.weight += draw.weight[j];
      sums.weighted += draw.weight[j] * draw.u[j];
      sums.integral += draw.weight[j] * draw.u[j] * draw.u[j];
    }
  }
  for (double* sum : {&sums.u, &sums.weight, &sums.weighted, &sums.integral}) *sum /= kBatches * kBatch;
  return sums;
}

TEST(TimeSamplingContract, WeightedDrawsAreThoseOfUniformTimes) {
  for (const auto& name : time_samplings().names()) {
    for (const bool taught : {false, true}) {
      SCOPED_TRACE(name + (taught ? ", taught" : ", fresh"));
      const auto times = time_samplings().make(name, Config());
      if (taught) teach(*times);
      const Sums sums = draw_many(*times);
      EXPECT_NEAR(sums.weight, 1, 0.02);
      EXPECT_NEAR(sums.weighted, 0.5, 0.01);
      EXPECT_NEAR(sums.integral, 1.0 / 3, 0.01);
    }
  }
}

TEST(TimeSamplingContract, DrawsDependOnTheStreamAndTheSavedState) {
  for (const auto& name : time_samplings().names()) {
    SCOPED_TRACE(name);
    const auto times = time_samplings().make(name, Config());
    teach(*times);
    const auto resumed = time_samplings().make(name, Config());
    resumed->restore(times->state());
    RandomStream one(3);
    RandomStream same(3);
    RandomStream other(4);
    const TimeDraw draw = times->draw(9, one);
    const TimeDraw again = resumed->draw(9, same);
    EXPECT_EQ(draw.u, again.u);
    EXPECT_EQ(draw.weight, again.weight);
    EXPECT_NE(draw.u, times->draw(9, other).u);
  }
}

TEST(TimeSampling, StratifiedPutsOneInEachPartInAnyOrder) {
  const auto times = time_samplings().make("stratified", Config());
  bool unsorted = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    RandomStream random(seed);
    TimeDraw draw = times->draw(8, random);
    unsorted |= !std::is_sorted(draw.u.begin(), draw.u.end(), std::greater<>());
    std::sort(draw.u.begin(), draw.u.end());
    for (size_t i = 0; i < 8; ++i) {
      EXPECT_GT(draw.u[i], static_cast<double>(i) / 8 - 1e-12);
      EXPECT_LE(draw.u[i], static_cast<double>(i + 1) / 8 + 1e-12);
    }
  }
  EXPECT_TRUE(unsorted);
}

TEST(TimeSampling, ImportanceGoesWhereTheLossIs) {
  const auto times = time_samplings().make("importance", Config());
  EXPECT_NEAR(draw_many(*times).u, 0.5, 0.01);
  teach(*times);
  // 0.9 * E[u] under density (0.1 + 2u) / 1.1, plus 0.1 * 1/2.
  EXPECT_NEAR(draw_many(*times).u, 0.9 * (0.05 + 2.0 / 3) / 1.1 + 0.05, 0.01);
}

}  // namespace
}  // namespace difflm::test
