// One noise level in each of B equal parts of (0,1], in random order: unbiased, with less variance between batches (Kingma et al.
// 2021, arXiv 2107.00630, appendix I.1).
#pragma once

#include "difflm/diffusion/time_sampling.h"

namespace difflm {

class StratifiedTimes : public TimeSampling {
 public:
  using Options = NoOptions;
  explicit StratifiedTimes(const Options&) {}

  TimeDraw draw(int64_t batch, RandomStream& random) const override {
    TimeDraw draw;
    const double shift = random.uniform();
    for (int64_t i = 0; i < batch; ++i) draw.u.push_back(1 - (static_cast<double>(i) + shift) / static_cast<double>(batch));
    random.shuffle(draw.u);
    draw.weight.assign(draw.u.size(), 1);
    return draw;
  }
};

}  // namespace difflm
