// Diffusion-LM's decoder term: cross-entropy of the tokens given x_0, the embedding plus the first step's noise. It never sees the
// network; it keeps the rows of the table apart under that noise.
#pragma once

#include "difflm/training/loss/cross_entropy.h"

namespace difflm {

class RoundingTerm : public LossTerm {
 public:
  using Options = LossWeight;
  explicit RoundingTerm(const Options& options) : LossTerm(options) {}

  Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel& model) const override {
    return word_cross_entropy(batch.x0, batch, model).mean(1);
  }
};

}  // namespace difflm
