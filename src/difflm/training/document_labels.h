// The labels of the texts in a batch, by the index of each text: equal texts with different labels keep their own.
#pragma once

#include <vector>

#include "difflm/core/random.h"
#include "difflm/data/batches.h"
#include "difflm/nn/torch.h"
#include "difflm/text/label.h"

namespace difflm {

class DocumentLabels {
 public:
  // `documents`: the texts of both sides, in the order of their tokens; `labels`: those of the model.
  DocumentLabels(const Sides<std::vector<Document>>& documents, const std::vector<Label>& labels);

  // [B,L] float32, 1 where the text has the label; a window into a stream has none.
  Tensor of(const Batch& batch) const;

  // A random part of the labels of each text, none in one text of ten: the input of a model that learns to write by any labels, or
  // by none.
  Tensor draw_condition(const Batch& batch, RandomStream& random) const;

 private:
  int64_t count_;                                          // L
  Sides<std::vector<std::vector<int64_t>>> of_documents_;  // the labels of each text, as indices
};

}  // namespace difflm
