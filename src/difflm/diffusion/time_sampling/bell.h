// Levels in the middle more often than those at the ends, where little is left to learn: Beta(2,2), one level in each of B parts of
// equal probability, mixed with a share of even ones (for masked models: Hong et al. 2026, arXiv 2605.13026).
#pragma once

#include <cmath>

#include "difflm/diffusion/time_sampling.h"

namespace difflm {

class BellTimes : public TimeSampling {
 public:
  struct Options {
    double even = 0.2;
    void describe(OptionVisitor& visitor) { visitor.field("even", even, "share of the levels that are spread evenly", {0, 1}); }
  };
  explicit BellTimes(const Options& options) : options_(options) {}

  std::vector<double> draw(int64_t batch, RandomStream& random) const override {
    std::vector<double> u;
    const double shift = random.uniform();
    for (int64_t i = 0; i < batch; ++i) {
      const double part = (static_cast<double>(i) + shift) / static_cast<double>(batch);
      u.push_back(1 - (random.uniform() < options_.even ? random.uniform() : quantile(part)));
    }
    random.shuffle(u);
    return u;
  }

  // The x with 3 x^2 - 2 x^3 = p.
  static double quantile(double p) { return 0.5 - std::sin(std::asin(1 - 2 * p) / 3); }

 private:
  Options options_;
};

}  // namespace difflm
