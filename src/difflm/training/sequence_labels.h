// The labels of the texts behind training sequences. A batch holds tokens alone, so a text is known by its sequence.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/data/packing.h"
#include "difflm/nn/torch.h"
#include "difflm/text/label.h"

namespace difflm {

// The training and held-out texts of the prepared corpus `folder` by their sequences, with what is known about them.
std::vector<std::pair<Sequence, Document>> annotated_sequences(const std::string& folder, const Tokenizer& tokenizer,
                                                               const Packing& packing, int64_t length);

class SequenceLabels {
 public:
  SequenceLabels(const std::vector<std::pair<Sequence, Document>>& texts, const std::vector<Label>& labels);

  // [B,T] int64 -> [B,L] float32, 1 where the text has the label; a window into a stream has none.
  Tensor of(const Tensor& tokens) const;

  // Of these a random part of each text's, none in one text of ten: what a model is told that shall write by any labels, or by
  // none.
  Tensor shown(const Tensor& tokens, RandomStream& random) const;

 private:
  int64_t count_;
  std::map<Sequence, std::vector<int64_t>> labels_;  // indices
};

// Row `row` of tokens [B,T] on the CPU.
Sequence sequence_of(const Tensor& tokens, int64_t row);

}  // namespace difflm
