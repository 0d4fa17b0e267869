// The sqrt schedule of Diffusion-LM (Li et al. 2022, arXiv 2205.14217): alpha_bar = 1 - sqrt(u + s).
//
// It adds much noise early: under little noise a latent stays nearest to the embedding of its own token.
// signal(0) is 0.99, not 1, and signal(1) is below 0; see NoiseProcess for how it treats both.
#pragma once

#include <cmath>

#include "difflm/diffusion/schedule.h"

namespace difflm {

class SqrtSchedule : public Schedule {
 public:
  struct Options {
    double shift = 1e-4;
    void describe(OptionVisitor& visitor) { visitor.field("shift", shift, "s in 1 - sqrt(u + s)", {0, 0.1}); }
  };

  explicit SqrtSchedule(const Options& options) : shift_(options.shift) {}
  double signal(double u) const override { return 1 - std::sqrt(u + shift_); }

 private:
  double shift_;
};

}  // namespace difflm
