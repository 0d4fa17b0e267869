// How often each token occurs in the training text: the prior of a token that is seen alone.
#pragma once

#include "difflm/data/prepared.h"
#include "difflm/nn/torch.h"

namespace difflm {

// [V] float64.
inline Tensor count_unigrams(const TokenDocuments& documents, Token vocabulary) {
  Tensor counts = torch::zeros({vocabulary}, torch::kFloat64);
  auto access = counts.accessor<double, 1>();
  for (const auto& document : documents) {
    for (const Token token : document) access[token] += 1;
  }
  return counts;
}

}  // namespace difflm
