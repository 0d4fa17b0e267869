// The network predicts the clean latent itself, as Diffusion-LM does, which asks for the token at every noise level.
#pragma once

#include "difflm/diffusion/parametrisation.h"

namespace difflm {

class X0Parametrisation : public Parametrisation {
 public:
  using Options = NoOptions;
  explicit X0Parametrisation(const Options&) {}

  Estimate read(const Tensor& output, const NoisyState&, const Expectation&) const override { return {output, output, output}; }
  Tensor target(const Tensor& x0, const Tensor&, const Tensor&) const override { return x0; }
};

}  // namespace difflm
