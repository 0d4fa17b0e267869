// Cross-entropy of the tokens at every noise level ("score interpolation", CDCD, Dieleman et al. 2022, arXiv 2211.15089), in nats
// per token. The logits are those of the point that the parametrisation gives to the rounding.
#pragma once

#include "difflm/training/loss_term.h"

namespace difflm {

// Cross-entropy of `tokens` [B,T] under logits of `points` [B,T,D] -> [B,T] nats.
inline Tensor word_cross_entropy(const Tensor& points, const DiffusedBatch& batch, DiffusionModel& model, double smoothing = 0) {
  if (smoothing == 0) return model.cross_entropy(points, batch.table, batch.tokens);
  const Tensor logits = model.logits(points, batch.table);
  return torch::cross_entropy_loss(logits.flatten(0, 1), batch.tokens.flatten(), {}, at::Reduction::None, -100, smoothing)
      .view_as(batch.tokens);
}

class CrossEntropyTerm : public LossTerm {
 public:
  using Options = LossWeight;
  explicit CrossEntropyTerm(const Options& options) : LossTerm(options) {}

  Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel& model) const override {
    return mean_over_scored(word_cross_entropy(batch.estimate.point, batch, model), batch);
  }
};

}  // namespace difflm
