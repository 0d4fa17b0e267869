// DDIM (Song et al. 2021, arXiv 2010.02502): the noise that the estimate implies is put back at the next level; eta scales the
// share of it that is drawn afresh.
#pragma once

#include "difflm/sampling/sampler.h"

namespace difflm {

class DdimSampler : public Sampler {
 public:
  struct Options {
    double eta = 0;
    void describe(OptionVisitor& visitor) { visitor.field("eta", eta, "share of fresh noise: 0 none, 1 as much as ddpm", {0, 1}); }
  };
  explicit DdimSampler(const Options& options) : eta_(options.eta) {}

  SamplerMove move(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) override {
    const Tensor& t = step.alpha_bar_t;
    const Tensor& s = step.alpha_bar_s;
    const Tensor epsilon = (x_t - coefficient(t.sqrt(), x0) * x0) / coefficient((1 - t).sqrt(), x_t);
    const Tensor sigma = eta_ * ((1 - s) / (1 - t) * (1 - t / s)).sqrt();
    const Tensor mean = coefficient(s.sqrt(), x0) * x0 + coefficient((1 - s - sigma.square()).clamp_min(0).sqrt(), x_t) * epsilon;
    return {mean, eta_ > 0 ? coefficient(sigma, x_t) : Tensor()};
  }

 private:
  double eta_;
};

}  // namespace difflm
