// Cross-entropy of the tokens at every noise level ("score interpolation", CDCD, Dieleman et al. 2022, arXiv 2211.15089), in nats
// per token. The logits are those of the point that the parametrisation gives to the rounding.
#pragma once

#include <string>

#include "difflm/training/loss_term.h"

namespace difflm {

// Cross-entropy of `tokens` [B,T] under logits of `points` [B,T,D] -> [B,T] nats.
inline Tensor word_cross_entropy(const Tensor& points, const DiffusedBatch& batch, DiffusionModel& model, double smoothing = 0) {
  if (smoothing == 0) return model.cross_entropy(points, batch.table, batch.tokens);
  const Tensor logits = model.logits(points, batch.table);
  return torch::cross_entropy_loss(logits.flatten(0, 1), batch.tokens.flatten(), {}, at::Reduction::None, -100, smoothing)
      .view_as(batch.tokens);
}

// The same at the scored positions alone, 0 at the others: most of the cost of a large vocabulary is here, and with clean context
// about two fifths of the tokens are given.
inline Tensor scored_cross_entropy(const Tensor& points, const DiffusedBatch& batch, DiffusionModel& model, double smoothing = 0) {
  const Tensor scored = batch.scored.flatten().nonzero().squeeze(1);  // [N]
  if (scored.numel() == batch.scored.numel()) return word_cross_entropy(points, batch, model, smoothing);
  if (scored.numel() == 0) return points.sum(-1) * 0;  // differentiable, like any other loss
  DiffusedBatch part;
  part.table = batch.table;
  part.tokens = batch.tokens.flatten().index_select(0, scored).unsqueeze(0);  // [1,N]
  const Tensor nats = word_cross_entropy(points.flatten(0, 1).index_select(0, scored).unsqueeze(0), part, model, smoothing);
  return torch::zeros_like(batch.scored).flatten().index_add(0, scored, nats.squeeze(0)).view_as(batch.scored);
}

class CrossEntropyTerm : public LossTerm {
 public:
  struct Options : LossWeight {
    std::string over = "scored";
    void describe(OptionVisitor& visitor) {
      LossWeight::describe(visitor);
      visitor.choice(
          "over", over,
          "a sequence counts by the mean over its scored tokens, or by their sum over its length: much noise counts more",
          {"scored", "length"});
    }
  };
  explicit CrossEntropyTerm(const Options& options) : LossTerm(options), over_length_(options.over == "length") {}

  Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel& model) const override {
    const Tensor nats = scored_cross_entropy(batch.estimate.point, batch, model);
    return over_length_ ? (nats * batch.scored).mean(1) : mean_over_scored(nats, batch);
  }

 private:
  bool over_length_;
};

}  // namespace difflm
