// The autoregressive objective: mean negative log-likelihood of the next token, in nats.
#pragma once

#include "difflm/model/autoregressive_model.h"
#include "difflm/training/objective.h"

namespace difflm {

class AutoregressiveObjective : public Objective {
 public:
  AutoregressiveObjective(std::shared_ptr<AutoregressiveModel> model, Frame frame) : model_(std::move(model)), frame_(frame) {}

  TrainingLoss training(const Batch& batch, int64_t step, uint64_t seed) override;
  ValidationLoss validate(const std::vector<Batch>& batches) override;

 private:
  std::shared_ptr<AutoregressiveModel> model_;
  Frame frame_;
};

}  // namespace difflm
