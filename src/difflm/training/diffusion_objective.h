// The diffusion objective: noise a batch, let the model denoise it, sum the loss terms.
#pragma once

#include <memory>
#include <vector>

#include "difflm/diffusion/spread.h"
#include "difflm/diffusion/time_sampling.h"
#include "difflm/training/document_labels.h"
#include "difflm/training/loss_term.h"
#include "difflm/training/objective.h"

namespace difflm {

struct ObjectiveOptions {
  std::vector<std::string> terms = {"cross-entropy"};
  double self_conditioning = 0.5;
  double clean_context = 0.5;
  double hidden = 0;
  int64_t table_steps = 0;
  void describe(OptionVisitor& visitor) {
    visitor.field("terms", terms, "list of loss terms");
    visitor.field("self_conditioning", self_conditioning, "share of sequences that see the model's own first estimate", {0, 1});
    visitor.field("clean_context", clean_context,
                  "share of sequences in which a random part of the tokens is given, flagged and unscored", {0, 1});
    visitor.field("hidden", hidden, "share of these in which the other tokens are hidden: noise levels u from 0.7 to 1 only",
                  {0, 1});
    visitor.field("table_steps", table_steps, "steps in which the embeddings learn; 0: in all", {0, 1e12});
  }
};

class DiffusionObjective : public Objective {
 public:
  // `labels`: what the model is told of its texts; null for nothing.
  DiffusionObjective(std::shared_ptr<DiffusionModel> model, const Config& config, const Tensor& unigrams,
                     std::shared_ptr<const DocumentLabels> labels = {});

  TrainingLoss training(const Batch& batch, int64_t step, uint64_t seed) override;
  ValidationLoss validate(const std::vector<Batch>& batches) override;
  std::vector<double> state() const override { return times_->state(); }
  void restore(const std::vector<double>& state) override { times_->restore(state); }

  // Noises `tokens` at the levels `u` ([B] or [B,T] float64) and asks the model. `scored` [B,T]: 0 marks tokens given clean.
  // `conditioned`: how many of the sequences, the first ones, get a first estimate as self-condition. `told`: labels [B,L], or
  // undefined. `table` [V,D]: the model's, or one without gradient.
  DiffusedBatch diffuse_and_estimate(const Tensor& tokens, const Tensor& u, const Tensor& scored, int64_t conditioned,
                                     uint64_t seed, const Tensor& told, const Tensor& table);
  DiffusedBatch diffuse_and_estimate(const Tensor& tokens, const Tensor& u, const Tensor& scored, int64_t conditioned,
                                     uint64_t seed, const Tensor& told = {}) {
    return diffuse_and_estimate(tokens, u, scored, conditioned, seed, told, model_->table());
  }

 private:
  // The levels [B,T] of sequences at the times u; what is clean is no longer `scored`.
  Tensor draw_levels(const std::vector<double>& u, Tensor& scored, RandomStream& random) const;

  std::shared_ptr<DiffusionModel> model_;
  ObjectiveOptions options_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<LossTerm>> terms_;
  std::unique_ptr<TimeSampling> times_;
  std::unique_ptr<Spread> spread_;
  std::shared_ptr<const DocumentLabels> labels_;
  Tensor log_prior_;  // [V] log unigram probabilities
};

}  // namespace difflm
