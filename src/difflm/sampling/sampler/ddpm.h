// Ancestral sampling: x_s drawn from the posterior q(x_s | x_t, x_0 estimate) (Ho et al. 2020, arXiv 2006.11239).
#pragma once

#include "difflm/diffusion/noise_process.h"
#include "difflm/sampling/sampler.h"

namespace difflm {

class DdpmSampler : public Sampler {
 public:
  struct Options {
    double noise = 1;
    void describe(OptionVisitor& visitor) {
      visitor.field("noise", noise, "factor of the injected noise's standard deviation", {0, 2});
    }
  };
  explicit DdpmSampler(const Options& options) : noise_(options.noise) {}

  Tensor step(const Tensor& x_t, const Tensor& x0, const SamplerStep& step, const NoiseSource& noise) override {
    const PosteriorOf<Tensor> q = posterior(step.alpha_bar_s, step.alpha_bar_t);
    const Tensor mean = coefficient(q.from_x0, x0) * x0 + coefficient(q.from_xt, x_t) * x_t;
    return noise_ > 0 ? mean + coefficient(noise_ * q.variance.sqrt(), x_t) * noise() : mean;
  }

 private:
  double noise_;
};

}  // namespace difflm
