// Clean context: some words of a training sequence are given, clean and flagged, so that a model learns to use words that stand.
#pragma once

#include "difflm/core/random.h"
#include "difflm/nn/torch.h"

namespace difflm {

// [rows,length] float32, 1 where a word is given: in the share `sequences` of the rows a random part of the words, in the others
// none.
inline Tensor draw_given(int64_t rows, int64_t length, double sequences, RandomStream& random) {
  Tensor given = torch::zeros({rows, length});
  if (sequences == 0) return given;
  auto access = given.accessor<float, 2>();
  for (int64_t row = 0; row < rows; ++row) {
    if (random.uniform() >= sequences) continue;
    const double share = random.uniform();
    for (int64_t at = 0; at < length; ++at) access[row][at] = random.uniform() < share ? 1.0F : 0.0F;
  }
  return given;
}

}  // namespace difflm
