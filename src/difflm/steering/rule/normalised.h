// Moves the latents along the gradient itself, not its sign, each text by the same length: coordinates that say nothing of the wish
// stay where they are.
#pragma once

#include "difflm/steering/latent_rule.h"

namespace difflm {

class NormalisedRule : public LatentRule {
 public:
  using LatentRule::LatentRule;

 private:
  Tensor direction(const Tensor& gradient) override { return gradient / (gradient.square().mean({1, 2}, true).sqrt() + 1e-20); }
};

}  // namespace difflm
