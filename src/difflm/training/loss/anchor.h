// Difformer's anchor (Gao et al. 2022, arXiv 2212.09412): cross-entropy of the tokens given the x_0 *estimate*, label-smoothed, so
// that the table cannot collapse without the prediction becoming ambiguous.
#pragma once

#include "difflm/training/loss/cross_entropy.h"

namespace difflm {

class AnchorTerm : public LossTerm {
 public:
  struct Options : LossWeight {
    double smoothing = 0.1;
    void describe(OptionVisitor& visitor) {
      LossWeight::describe(visitor);
      visitor.field("smoothing", smoothing, "label smoothing", {0, 0.999});
    }
  };
  explicit AnchorTerm(const Options& options) : LossTerm(options), smoothing_(options.smoothing) {}

  bool reads_x0() const override { return true; }

  Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel& model) const override {
    return mean_over_scored(scored_cross_entropy(batch.estimate.x0, batch, model, smoothing_), batch);
  }

 private:
  double smoothing_;
};

}  // namespace difflm
