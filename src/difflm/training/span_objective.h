// What the classifier of constituents is trained by: the cross-entropy of each label between each pair of words.
#pragma once

#include "difflm/model/span_classifier.h"
#include "difflm/training/document_spans.h"
#include "difflm/training/objective.h"

namespace difflm {

class SpanObjective : public Objective {
 public:
  using Options = NoOptions;
  SpanObjective(const Options&, const ObjectiveSource& source) : SpanObjective(source.model<SpanClassifier>(), source.run.data) {}

  // `data`: the texts of the model's base, which it is trained on. Throws a usage error where no tree fits its text.
  SpanObjective(std::shared_ptr<SpanClassifier> model, const PreparedData& data);

  TrainingLoss training(const BatchParts& batch, int64_t step, uint64_t seed) override;

  // Besides the loss, in eight bins of u from clean to noise: how many constituents are found (probability above 1/2), and how many
  // found ones are right.
  ValidationLoss validate(const std::vector<Batch>& batches) override;

 private:
  std::shared_ptr<SpanClassifier> model_;
  DocumentSpans spans_;
};

}  // namespace difflm
