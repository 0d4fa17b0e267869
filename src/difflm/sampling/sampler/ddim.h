// DDIM (Song et al. 2021, arXiv 2010.02502): the noise that the estimate implies is put back at the next level; eta scales the
// share of it that is fresh.
#pragma once

#include <algorithm>
#include <cmath>

#include "difflm/sampling/sampler.h"

namespace difflm {

class DdimSampler : public Sampler {
 public:
  struct Options {
    double eta = 0;
    void describe(OptionVisitor& visitor) { visitor.field("eta", eta, "share of fresh noise: 0 none, 1 as much as ddpm", {0, 1}); }
  };
  explicit DdimSampler(const Options& options) : eta_(options.eta) {}

  Transition transition(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) override {
    const double t = step.alpha_bar_t;
    const double s = step.alpha_bar_s;
    const Tensor epsilon = (x_t - std::sqrt(t) * x0) / std::sqrt(1 - t);
    const double sigma = eta_ * std::sqrt((1 - s) / (1 - t) * (1 - t / s));
    const Tensor mean = std::sqrt(s) * x0 + std::sqrt(std::max(0.0, 1 - s - sigma * sigma)) * epsilon;
    return {mean, eta_ > 0 ? std::optional(sigma) : std::nullopt};
  }

 private:
  double eta_;
};

}  // namespace difflm
