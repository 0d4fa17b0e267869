// One noise level in each of B equal parts of (0,1], in random order: unbiased, with less variance between batches (Kingma et al.
// 2021, arXiv 2107.00630, appendix I.1).
#pragma once

#include "difflm/diffusion/time_sampling.h"

namespace difflm {

class StratifiedTimes : public TimeSampling {
 public:
  using Options = NoOptions;
  explicit StratifiedTimes(const Options&) {}

  std::vector<double> draw(int64_t batch, RandomStream& random) const override {
    std::vector<double> u;
    const double shift = random.uniform();
    for (int64_t i = 0; i < batch; ++i) u.push_back(1 - (static_cast<double>(i) + shift) / static_cast<double>(batch));
    random.shuffle(u);
    return u;
  }
};

}  // namespace difflm
