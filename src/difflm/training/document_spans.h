// The constituents of the texts in a batch, by the index of each text: equal texts with different trees keep their own.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "difflm/data/batches.h"
#include "difflm/data/prepared.h"
#include "difflm/nn/torch.h"

namespace difflm {

class DocumentSpans {
 public:
  // From the trees of `data`, where they have a word for each token; `labels`: those of the model.
  DocumentSpans(const PreparedData& data, const std::vector<std::string>& labels);

  // Training texts whose tree has a word for each token.
  size_t fitting() const { return fitting_; }

  // [B,L,T,T] float32, 1 where label l spans the words from the third index to the fourth; rows are texts or parts of
  // texts, which keep the constituents that lie wholly inside.
  Tensor of(const Batch& batch) const;

 private:
  using Marked = std::array<int64_t, 3>;  // label, first and last word

  int64_t count_;  // L
  size_t fitting_ = 0;
  Sides<std::vector<std::vector<Marked>>> of_documents_;
};

}  // namespace difflm
