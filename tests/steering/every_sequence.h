// Sums over all texts of a tiny vocabulary: what exact answers are compared with.
#pragma once

#include <functional>
#include <vector>

#include "difflm/data/packing.h"
#include "difflm/nn/torch.h"

namespace difflm::test {

// Calls `look` with every sequence of the shape of probabilities [T,V] and its probability when tokens are drawn independently.
inline void for_every_sequence(const Tensor& probabilities, const std::function<void(const Sequence&, double)>& look) {
  const int64_t length = probabilities.size(0);
  const int64_t vocabulary = probabilities.size(1);
  Sequence sequence(static_cast<size_t>(length), 0);
  while (true) {
    double probability = 1;
    for (int64_t at = 0; at < length; ++at) probability *= probabilities[at][sequence[static_cast<size_t>(at)]].item<double>();
    look(sequence, probability);
    int64_t at = 0;
    while (at < length && ++sequence[static_cast<size_t>(at)] == vocabulary) sequence[static_cast<size_t>(at++)] = 0;
    if (at == length) return;
  }
}

struct Posterior {
  double probability = 0;  // of the wish
  Tensor probabilities;    // [T,V] given the wish
};

inline Posterior exact_posterior(const Tensor& probabilities, const std::function<bool(const Sequence&)>& is_fulfilled) {
  Posterior result = {0, torch::zeros_like(probabilities)};
  for_every_sequence(probabilities, [&](const Sequence& sequence, double probability) {
    if (!is_fulfilled(sequence)) return;
    result.probability += probability;
    for (size_t at = 0; at < sequence.size(); ++at) result.probabilities[static_cast<int64_t>(at)][sequence[at]] += probability;
  });
  result.probabilities = result.probabilities / result.probability;
  return result;
}

inline Tensor random_probabilities(int64_t rows, int64_t length, int64_t vocabulary, uint64_t seed = 1) {
  torch::manual_seed(seed);
  return (2 * torch::randn({rows, length, vocabulary}, torch::kFloat64)).softmax(-1);
}

}  // namespace difflm::test
