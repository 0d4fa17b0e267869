// The network predicts the noise (Ho et al. 2020, arXiv 2006.11239): x0 = (x_t - sqrt(1 - abar) noise) / sqrt(abar).
#pragma once

#include "difflm/diffusion/parametrisation.h"

namespace difflm {

class EpsilonParametrisation : public Parametrisation {
 public:
  using Options = NoOptions;
  explicit EpsilonParametrisation(const Options&) {}

  Estimate read(const Tensor& output, const NoisyState& state, const Expectation&) const override {
    const Tensor x0 = (state.x_t - (1 - state.alpha_bar).sqrt() * output) / state.alpha_bar.sqrt();
    return {output, x0, x0};
  }
  Tensor target(const Tensor&, const Tensor& noise, const Tensor&) const override { return noise; }
};

}  // namespace difflm
