// Ancestral sampling: x_s drawn from the posterior q(x_s | x_t, x_0 estimate) (Ho et al. 2020, arXiv 2006.11239).
//
// With `overshoot` the step goes on to a cleaner level r and the forward process brings it back to s. How far: in log(signal/noise)
// as much further as k such steps would, where k of them are the share `overshoot` of the schedule, so that it means about the same
// for any number of steps. Both moves keep the marginals, so the levels are as before; what changes is how much of the noise is
// fresh, and fresh noise is what lets a later estimate correct an earlier one (the churn of Karras et al. 2022, arXiv 2206.00364).
#pragma once

#include <cmath>

#include "difflm/diffusion/noise_process.h"
#include "difflm/sampling/sampler.h"

namespace difflm {

class DdpmSampler : public Sampler {
 public:
  struct Options {
    double overshoot = 0;
    void describe(OptionVisitor& visitor) {
      visitor.field("overshoot", overshoot, "share of the schedule to go too far and add noise back: how much noise is fresh",
                    {0, 1});
    }
  };
  explicit DdpmSampler(const Options& options) : options_(options) {}

  Transition transition(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) override {
    const double reached = overshot(step);
    const double kept = step.alpha_bar_s / reached;  // of the signal, on the way back
    const Posterior q = posterior(reached, step.alpha_bar_t);
    const Tensor mean = std::sqrt(kept) * q.from_x0 * x0 + std::sqrt(kept) * q.from_xt * x_t;
    return {mean, std::sqrt(kept * q.variance + 1 - kept)};
  }

 private:
  // The level that the step goes on to.
  double overshot(const SamplerStep& step) const {
    if (options_.overshoot == 0 || step.alpha_bar_s >= 1) return step.alpha_bar_s;
    const auto log_ratio = [](double alpha_bar) { return std::log(alpha_bar) - std::log1p(-alpha_bar); };
    const double s = log_ratio(step.alpha_bar_s);
    return 1 / (1 + std::exp(-(s + options_.overshoot / step.length * (s - log_ratio(step.alpha_bar_t)))));
  }

  Options options_;
};

}  // namespace difflm
