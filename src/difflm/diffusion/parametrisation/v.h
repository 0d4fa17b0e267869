// The network predicts the velocity v = sqrt(abar) noise - sqrt(1 - abar) x0 (Salimans & Ho 2022, arXiv 2202.00512), so that
// x0 = sqrt(abar) x_t - sqrt(1 - abar) v: no division, well scaled at every noise level.
#pragma once

#include "difflm/diffusion/parametrisation.h"

namespace difflm {

class VParametrisation : public Parametrisation {
 public:
  using Options = NoOptions;
  explicit VParametrisation(const Options&) {}

  Estimate read(const Tensor& output, const NoisyState& state, const Expectation&) const override {
    const Tensor x0 = state.alpha_bar.sqrt() * state.x_t - (1 - state.alpha_bar).sqrt() * output;
    return {output, x0, x0};
  }
  Tensor target(const Tensor& x0, const Tensor& noise, const Tensor& alpha_bar) const override {
    return alpha_bar.sqrt() * noise - (1 - alpha_bar).sqrt() * x0;
  }
};

}  // namespace difflm
