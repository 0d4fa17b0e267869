// The autoregressive objective: mean negative log-likelihood of the next token, in nats.
#pragma once

#include "difflm/model/autoregressive_model.h"
#include "difflm/training/document_labels.h"
#include "difflm/training/objective.h"

namespace difflm {

class AutoregressiveObjective : public Objective {
 public:
  using Options = NoOptions;
  AutoregressiveObjective(const Options&, const ObjectiveSource& source)
      : AutoregressiveObjective(source.model<AutoregressiveModel>(), source.run.packing->frame(), source.labels_to_tell()) {}

  // `labels`: those on which the model is conditioned; null for none.
  AutoregressiveObjective(std::shared_ptr<AutoregressiveModel> model, Frame frame,
                          std::shared_ptr<const DocumentLabels> labels = {})
      : model_(std::move(model)), frame_(frame), labels_(std::move(labels)) {}

  TrainingLoss training(const BatchParts& batch, int64_t step, uint64_t seed) override;
  ValidationLoss validate(const std::vector<Batch>& batches) override;

 private:
  std::shared_ptr<AutoregressiveModel> model_;
  Frame frame_;
  std::shared_ptr<const DocumentLabels> labels_;
};

}  // namespace difflm
