// Independent uniform noise levels in (0,1].
#pragma once

#include "difflm/diffusion/time_sampling.h"

namespace difflm {

class UniformTimes : public TimeSampling {
 public:
  using Options = NoOptions;
  explicit UniformTimes(const Options&) {}

  TimeDraw draw(int64_t batch, RandomStream& random) const override {
    TimeDraw draw;
    for (int64_t i = 0; i < batch; ++i) draw.u.push_back(1 - random.uniform());
    draw.weight.assign(draw.u.size(), 1);
    return draw;
  }
};

}  // namespace difflm
