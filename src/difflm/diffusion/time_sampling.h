// How training draws the noise level of each example. A family.
#pragma once

#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"

namespace difflm {

class TimeSampling {
 public:
  virtual ~TimeSampling() = default;

  // `batch` levels u in (0,1].
  virtual std::vector<double> draw(int64_t batch, RandomStream& random) const = 0;
};

using TimeSamplingFamily = Family<TimeSampling>;
const TimeSamplingFamily& time_samplings();  // noise.times

}  // namespace difflm
