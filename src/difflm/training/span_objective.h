// What the classifier of constituents is trained by: the cross-entropy of each label between each pair of words.
#pragma once

#include <map>

#include "difflm/model/span_classifier.h"
#include "difflm/training/objective.h"

namespace difflm {

class SpanObjective : public Objective {
 public:
  using Options = NoOptions;
  SpanObjective(const Options&, const ObjectiveSource& source) : SpanObjective(source.model<SpanClassifier>()) {}

  explicit SpanObjective(std::shared_ptr<SpanClassifier> model);

  TrainingLoss training(const Batch& batch, int64_t step, uint64_t seed) override;

  // Beside the loss, in eight bins of u from clean to noise: how many constituents are found (probability above 1/2), and how many
  // found ones are right.
  ValidationLoss validate(const std::vector<Batch>& batches) override;

 private:
  Tensor truth(const Tensor& tokens) const;  // [B,T] -> [B,L,T,T] float32

  std::shared_ptr<SpanClassifier> model_;
  std::map<Sequence, std::vector<std::array<int64_t, 3>>> spans_;  // of each text, by its sequence: label, first, last
};

}  // namespace difflm
