// The update of Diffusion-LM's code (Li et al. 2022): after each step, a few moves of the latents along the sign of the gradient.
//
// The code builds a new Adagrad optimiser for each of its moves, whose first step is lr g / (|g| + 1e-10) = lr sign(g). The
// objective is the loss of the wish plus fluency times sum (mean - x)^2 / sigma, which pulls back to the step's own mean; sigma is
// the standard deviation, not the variance. The last twentieth of the levels is left alone. Its settings: sampler ddim with eta 1,
// 200 steps, clamp always.
#pragma once

#include "difflm/steering/latent_rule.h"

namespace difflm {

class ReferenceRule : public LatentRule {
 public:
  using LatentRule::LatentRule;

 private:
  Tensor direction(const Tensor& gradient) override { return gradient / (gradient.abs() + 1e-10); }
};

}  // namespace difflm
