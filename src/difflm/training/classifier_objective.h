// What the attribute classifier is trained by: the cross-entropy of each label, at all noise levels of a frozen diffusion model.
#pragma once

#include "difflm/model/classifier_model.h"
#include "difflm/training/document_labels.h"
#include "difflm/training/objective.h"

namespace difflm {

class ClassifierObjective : public Objective {
 public:
  using Options = NoOptions;
  ClassifierObjective(const Options&, const ObjectiveSource& source)
      : ClassifierObjective(source.model<ClassifierModel>(), source.run.data) {}

  // `data`: the texts of the model's base, which it is trained on.
  ClassifierObjective(std::shared_ptr<ClassifierModel> model, const PreparedData& data);

  TrainingLoss training(const BatchParts& batch, int64_t step, uint64_t seed) override;

  // Besides the loss, in eight bins of u from clean to noise: how many of the labels are found, how many found ones are right, and
  // how far the probabilities above 1% are from the frequencies (expected calibration error, Naeini et al. 2015).
  ValidationLoss validate(const std::vector<Batch>& batches) override;

 private:
  // log p of having and of lacking each label for texts `tokens` [B,T] at levels u.
  ClassifierModel::LogProbabilities log_probabilities(const Tensor& tokens, const std::vector<double>& u, uint64_t seed);

  std::shared_ptr<ClassifierModel> model_;
  DocumentLabels labels_;
};

}  // namespace difflm
