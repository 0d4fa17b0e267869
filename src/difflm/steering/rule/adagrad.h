// Adagrad as it was published (Duchi et al. 2011), where Diffusion-LM's code builds it anew for each move: the squares of all
// gradients of a text add up over its moves and steps, so moves grow shorter where the wish has pulled before.
#pragma once

#include <limits>

#include "difflm/steering/latent_rule.h"

namespace difflm {

class AdagradRule : public LatentRule {
 public:
  using LatentRule::LatentRule;

 private:
  void begin(double u) override {
    if (u >= level_) squares_ = Tensor();  // a level that rises begins other texts
    level_ = u;
  }
  Tensor direction(const Tensor& gradient) override {
    squares_ = squares_.defined() ? squares_ + gradient.square() : gradient.square();
    return gradient / (squares_.sqrt() + 1e-10);
  }

  double level_ = std::numeric_limits<double>::infinity();  // of the step before
  Tensor squares_;                                          // [B,T,D] sum over the moves of these texts
};

}  // namespace difflm
