// The log-linear schedule of masked diffusion (Sahoo et al. 2024, arXiv 2406.07524): alpha_bar = 1 - u, so that u is the share of
// words that are hidden.
#pragma once

#include "difflm/diffusion/schedule.h"

namespace difflm {

class LogLinearSchedule : public Schedule {
 public:
  using Options = NoOptions;
  explicit LogLinearSchedule(const Options&) {}
  double signal(double u) const override { return 1 - u; }
};

}  // namespace difflm
