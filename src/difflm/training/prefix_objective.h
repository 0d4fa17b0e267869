// What the classifier of beginnings is trained by: the cross-entropy of each label of the text after each of its tokens.
#pragma once

#include "difflm/model/prefix_classifier.h"
#include "difflm/training/document_labels.h"
#include "difflm/training/objective.h"

namespace difflm {

class PrefixObjective : public Objective {
 public:
  using Options = NoOptions;
  PrefixObjective(const Options&, const ObjectiveSource& source)
      : model_(source.model<PrefixClassifier>()),
        labels_(source.labels_of_texts(model_->labels(), "model.prefix-classifier.base")),
        frame_(source.run.packing->frame()) {}

  TrainingLoss training(const BatchParts& batch, int64_t step, uint64_t seed) override;

  // Besides the loss, in quarters of the text: how many of the labels are found, and how many found ones are right.
  ValidationLoss validate(const std::vector<Batch>& batches) override;

 private:
  // Nats of the labels, summed over them and averaged over tokens.
  Tensor nats(const Tensor& logits, const Tensor& inputs, const Tensor& truth) const;

  // The text from START to END: tokens [B,T] -> [B,T'].
  Tensor whole_text(const Tensor& tokens) const;

  std::shared_ptr<PrefixClassifier> model_;
  std::shared_ptr<const DocumentLabels> labels_;
  Frame frame_;  // of the sequences, which are whole texts
};

}  // namespace difflm
