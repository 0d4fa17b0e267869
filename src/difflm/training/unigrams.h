// The unigram distribution of the training text: the prior of a token that is seen alone.
#pragma once

#include "difflm/data/prepared.h"
#include "difflm/nn/torch.h"

namespace difflm {

// Token counts -> [V] float64.
inline Tensor count_unigrams(const TokenDocuments& documents, Token vocabulary) {
  Tensor counts = torch::zeros({vocabulary}, torch::kFloat64);
  auto access = counts.accessor<double, 1>();
  for (const auto& document : documents) {
    for (const Token token : document) access[token] += 1;
  }
  return counts;
}

// Counts [V] -> log probabilities [V] float32. Smoothed by 0.01 per token, so that those that never occur stay finite.
inline Tensor log_unigrams(const Tensor& counts) {
  const Tensor smoothed = counts.to(torch::kFloat64) + 0.01;
  return (smoothed / smoothed.sum()).log().to(torch::kFloat32);
}

}  // namespace difflm
