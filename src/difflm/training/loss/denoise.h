// The regression: mean squared error between what the network predicts (x0, noise, v) and the truth.
//
// Diffusion-LM's exception is kept: on the first step of the discrete form with start noise, x_0 itself is the noised
// embedding, so there the estimate is compared with the clean embedding.
#pragma once

#include "difflm/training/loss_term.h"

namespace difflm {

class DenoiseTerm : public LossTerm {
 public:
  using Options = LossWeight;
  explicit DenoiseTerm(const Options& options) : LossTerm(options) {}

  bool reads_x0() const override { return true; }

  Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel& model) const override {
    const auto& parametrisation = model.parametrisation();
    const Tensor target = parametrisation.target(batch.x0, batch.noise, broadcast_to_latents(batch.alpha_bar));
    Tensor error = (parametrisation.regressed(batch.estimate) - target).square().mean(-1);  // [B,T]
    if (model.process().start_stddev() > 0) {
      const Tensor first = (batch.estimate.x0 - batch.embeddings).square().mean(-1);
      error = torch::where(batch.first_step.unsqueeze(1), first, error);
    }
    return mean_over_scored(error, batch);
  }
};

}  // namespace difflm
