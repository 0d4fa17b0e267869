// The linear schedule (Ho et al. 2020, arXiv 2006.11239): beta grows linearly from 0.0001 k to 0.02 k, k = 1000 / T.
//
// In the limit of many steps alpha_bar(u) = exp(-integral of 1000 beta), the continuous form.
#pragma once

#include <cmath>

#include "difflm/diffusion/schedule.h"

namespace difflm {

class LinearSchedule : public Schedule {
 public:
  struct Options {
    double first = 1e-4;
    double last = 0.02;
    void describe(OptionVisitor& visitor) {
      visitor.field("first", first, "beta of the first of 1000 steps", {0, 1});
      visitor.field("last", last, "beta of the last of 1000 steps", {0, 1});
    }
  };

  explicit LinearSchedule(const Options& options) : first_(options.first), last_(options.last) {}
  double signal(double u) const override { return std::exp(-1000 * (first_ * u + (last_ - first_) * u * u / 2)); }
  double beta(int64_t index, int64_t steps) const override {
    const double scale = 1000 / static_cast<double>(steps);
    const double share = steps == 1 ? 0 : static_cast<double>(index) / static_cast<double>(steps - 1);
    return scale * (first_ + (last_ - first_) * share);
  }

 private:
  double first_;
  double last_;
};

}  // namespace difflm
