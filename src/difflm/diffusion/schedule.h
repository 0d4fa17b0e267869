// Noise schedules: a function u in [0,1] -> alpha_bar, the share of signal variance left. A family.
//
// x_t = sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) noise; u = 0 is (nearly) clean, u = 1 (nearly) pure noise.
// A schedule is independent of the number of steps; NoiseProcess (noise_process.h) gives it the paper's discrete T-step form or a
// continuous one.
#pragma once

#include "difflm/core/family.h"

namespace difflm {

class Schedule {
 public:
  virtual ~Schedule() = default;

  // alpha_bar before normalisation and clamping: may start below 1 or end below 0, as the paper's sqrt does.
  virtual double signal(double u) const = 0;

  // The noise added by step `index` of `steps` in the discrete form, before the cap.
  virtual double beta(int64_t index, int64_t steps) const {
    const auto count = static_cast<double>(steps);
    return 1 - signal(static_cast<double>(index + 1) / count) / signal(static_cast<double>(index) / count);
  }
};

using ScheduleFamily = Family<Schedule>;
const ScheduleFamily& schedules();  // noise.schedule

}  // namespace difflm
