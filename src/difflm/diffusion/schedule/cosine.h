// The cosine schedule (Nichol & Dhariwal 2021, arXiv 2102.09672): alpha_bar = cos^2((u + s) / (1 + s) * pi / 2).
#pragma once

#include <cmath>
#include <numbers>

#include "difflm/diffusion/schedule.h"

namespace difflm {

class CosineSchedule : public Schedule {
 public:
  struct Options {
    double shift = 0.008;
    void describe(OptionVisitor& visitor) { visitor.field("shift", shift, "s in cos^2((u + s) / (1 + s) pi / 2)", {0, 1}); }
  };

  explicit CosineSchedule(const Options& options) : shift_(options.shift) {}
  double signal(double u) const override {
    const double cosine = std::cos((u + shift_) / (1 + shift_) * std::numbers::pi / 2);
    return cosine * cosine;
  }

 private:
  double shift_;
};

}  // namespace difflm
