// What is left of x_0 at u = 1, mean of (sqrt(abar) x_0)^2: with the sqrt schedule about 2e-7, numerically nothing, but part of the
// bound and of the reference ("tT_loss").
#pragma once

#include "difflm/training/loss_term.h"

namespace difflm {

class PriorTerm : public LossTerm {
 public:
  using Options = LossWeight;
  explicit PriorTerm(const Options& options) : LossTerm(options) {}

  Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel& model) const override {
    return model.process().alpha_bar(1.0) * batch.x0.square().mean({1, 2});
  }
};

}  // namespace difflm
