// Ancestral sampling: x_s drawn from the posterior q(x_s | x_t, x_0 estimate) (Ho et al. 2020, arXiv 2006.11239).
//
// With `overshoot` the step goes on to a cleaner level r and the forward process brings it back to s. How far: in log(signal/noise)
// as much further as k such steps would, where k of them are the share `overshoot` of the schedule, so that it means about the same
// for any number of steps. Both moves keep the marginals, so the levels are as before; what changes is how much of the noise is
// fresh, and fresh noise is what lets a later estimate mend an earlier one (the churn of Karras et al. 2022, arXiv 2206.00364).
#pragma once

#include "difflm/diffusion/noise_process.h"
#include "difflm/sampling/sampler.h"

namespace difflm {

class DdpmSampler : public Sampler {
 public:
  struct Options {
    double noise = 1;
    double overshoot = 0;
    void describe(OptionVisitor& visitor) {
      visitor.field("noise", noise, "factor of the injected noise's standard deviation", {0, 2});
      visitor.field("overshoot", overshoot, "share of the schedule to go too far and be noised back: how much noise is fresh",
                    {0, 1});
    }
  };
  explicit DdpmSampler(const Options& options) : options_(options) {}

  SamplerMove move(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) override {
    const Tensor reached = overshot(step);
    const Tensor kept = step.alpha_bar_s / reached;  // of the signal, on the way back
    const PosteriorOf<Tensor> q = posterior(reached, step.alpha_bar_t);
    const Tensor mean = coefficient(kept.sqrt() * q.from_x0, x0) * x0 + coefficient(kept.sqrt() * q.from_xt, x_t) * x_t;
    if (options_.noise == 0) return {mean, {}};
    return {mean, coefficient(options_.noise * (kept * q.variance + 1 - kept).sqrt(), x_t)};
  }

 private:
  Tensor overshot(const SamplerStep& step) const {
    if (options_.overshoot == 0) return step.alpha_bar_s;
    const auto log_ratio = [](const Tensor& alpha_bar) { return alpha_bar.log() - torch::log1p(-alpha_bar); };
    const Tensor s = log_ratio(step.alpha_bar_s);
    const Tensor further = torch::sigmoid(s + options_.overshoot / step.length * (s - log_ratio(step.alpha_bar_t)));
    return torch::where(step.alpha_bar_s < 1, further, torch::ones_like(further));
  }

  Options options_;
};

}  // namespace difflm
