// How training draws the noise level of each example. A family.
#pragma once

#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"

namespace difflm {

struct TimeDraw {
  std::vector<double> u;       // [B] in (0,1]
  std::vector<double> weight;  // [B] importance weights that keep the loss unbiased, mean about 1
};

class TimeSampling {
 public:
  virtual ~TimeSampling() = default;
  virtual TimeDraw draw(int64_t batch, RandomStream& random) const = 0;

  // Told the loss of each drawn example; only importance sampling listens.
  virtual void observe(const std::vector<double>& /*u*/, const std::vector<double>& /*loss*/) {}

  // What must be saved so that a resumed run draws the same times.
  virtual std::vector<double> state() const { return {}; }
  virtual void restore(const std::vector<double>& /*state*/) {}
};

using TimeSamplingFamily = Family<TimeSampling>;
const TimeSamplingFamily& time_samplings();  // noise.times

}  // namespace difflm
