// The diffusion objective: noise a batch, let the model denoise it, sum the loss terms.
#pragma once

#include <memory>
#include <vector>

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
  void describe(OptionVisitor& visitor) {
    visitor.field("terms", terms, "list of loss terms");
    visitor.field("self_conditioning", self_conditioning, "share of sequences that see the model's own first estimate", {0, 1});
    visitor.field("clean_context", clean_context,
                  "share of sequences in which a random part of the tokens is given, flagged and unscored", {0, 1});
    visitor.field("hidden", hidden, "share of these in which the other tokens are hidden: noise levels u from 0.7 to 1 only",
                  {0, 1});
  }
};

class DiffusionObjective : public Objective {
 public:
  using Options = NoOptions;  // those of section loss, and of its terms
  DiffusionObjective(const Options&, const ObjectiveSource& source)
      : DiffusionObjective(source.model<DiffusionModel>(), source.run.config, source.unigrams, source.labels_to_tell()) {}

  // `labels`: those on which the model is conditioned; null for none.
  DiffusionObjective(std::shared_ptr<DiffusionModel> model, const Config& config, const Tensor& unigrams,
                     std::shared_ptr<const DocumentLabels> labels = {});

  TrainingLoss training(const BatchParts& batch, int64_t step, uint64_t seed) override;
  ValidationLoss validate(const std::vector<Batch>& batches) override;

  // Noises `tokens` at the levels `u` [B] float64 and evaluates the model. `scored` [B,T]: 0 marks tokens given clean.
  // `conditioned`: how many of the sequences, from the first, get a first estimate as self-conditioning. `condition`: labels
  // [B,L], or undefined. `table` [V,D]: the model's, made here where it is undefined.
  DiffusedBatch diffuse_and_estimate(const Tensor& tokens, const Tensor& u, const Tensor& scored, int64_t conditioned,
                                     uint64_t seed, const Tensor& condition = {}, const Tensor& table = {});

 private:
  // Which tokens of sequences at the levels `u` are given, [B,T] float32; where the others are hidden by Gaussian noise, their
  // levels are drawn again.
  Tensor draw_given_tokens(std::vector<double>& u, int64_t length, RandomStream& random) const;

  std::shared_ptr<DiffusionModel> model_;
  ObjectiveOptions options_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<LossTerm>> terms_;
  std::unique_ptr<TimeSampling> times_;
  std::shared_ptr<const DocumentLabels> labels_;
  Tensor log_prior_;  // [V] log unigram probabilities
};

}  // namespace difflm
