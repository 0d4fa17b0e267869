// Independent uniform noise levels in (0,1].
#pragma once

#include "difflm/diffusion/time_sampling.h"

namespace difflm {

class UniformTimes : public TimeSampling {
 public:
  using Options = NoOptions;
  explicit UniformTimes(const Options&) {}

  std::vector<double> draw(int64_t batch, RandomStream& random) const override {
    std::vector<double> u;
    for (int64_t i = 0; i < batch; ++i) u.push_back(1 - random.uniform());
    return u;
  }
};

}  // namespace difflm
