// What every listed schedule must obey.
#include "difflm/diffusion/schedule.h"

#include <gtest/gtest.h>

#include "difflm/diffusion/noise_process/gaussian.h"

namespace difflm::test {
namespace {

TEST(ScheduleContract, FallsFromNearlyOneToNearlyZero) {
  for (const auto& name : schedules().names()) {
    SCOPED_TRACE(name);
    const auto schedule = schedules().make(name, Config());
    EXPECT_GT(schedule->signal(0), 0.98);
    EXPECT_LE(schedule->signal(0), 1);
    EXPECT_LT(schedule->signal(1), 0.01);
    for (int i = 0; i < 1000; ++i) EXPECT_GT(schedule->signal(i / 1000.0), schedule->signal((i + 1) / 1000.0)) << i;
  }
}

TEST(ScheduleContract, DiscreteFormFallsWithBetasBetweenZeroAndTheCap) {
  for (const auto& name : schedules().names()) {
    for (const int64_t steps : {1, 2, 10, 200, 2000}) {
      SCOPED_TRACE(name + " of " + std::to_string(steps));
      NoiseOptions options;
      options.schedule = name;
      options.steps = steps;
      const GaussianNoise process(options, Config());
      EXPECT_EQ(process.alpha_bar(0.0), 1);
      double before = 1;
      for (int64_t i = 0; i < steps; ++i) {
        const double beta = process.betas()[static_cast<size_t>(i)];
        EXPECT_GT(beta, 0);
        EXPECT_LE(beta, options.cap);
        const double now = process.alpha_bar(static_cast<double>(i + 1) / static_cast<double>(steps));
        EXPECT_LT(now, before);
        EXPECT_GT(now, 0);
        before = now;
      }
      if (steps >= 200) {
        EXPECT_LT(before, 1e-3);
      }
    }
  }
}

// The discrete form tends to the continuous one, up to its normalisation by the signal at u = 0.
TEST(ScheduleContract, ManyStepsApproachContinuousTime) {
  for (const auto& name : schedules().names()) {
    SCOPED_TRACE(name);
    NoiseOptions options;
    options.schedule = name;
    const GaussianNoise continuous(options, Config());
    options.steps = 5000;
    const GaussianNoise fine(options, Config());
    for (const double u : {0.1, 0.3, 0.5, 0.7, 0.9})
      EXPECT_NEAR(fine.alpha_bar(u) * continuous.alpha_bar(0.0), continuous.alpha_bar(u), 1e-3);
  }
}

}  // namespace
}  // namespace difflm::test
