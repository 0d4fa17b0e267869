// Sums over all texts of a tiny vocabulary: what exact answers are held against.
#pragma once

#include <functional>
#include <vector>

#include "difflm/data/packing.h"
#include "difflm/nn/torch.h"

namespace difflm::test {

// Calls `look` with every sequence of the shape of words [T,V] and its probability when words are drawn independently.
inline void for_every_sequence(const Tensor& words, const std::function<void(const Sequence&, double)>& look) {
  const int64_t length = words.size(0);
  const int64_t vocabulary = words.size(1);
  Sequence sequence(static_cast<size_t>(length), 0);
  while (true) {
    double probability = 1;
    for (int64_t at = 0; at < length; ++at) probability *= words[at][sequence[static_cast<size_t>(at)]].item<double>();
    look(sequence, probability);
    int64_t at = 0;
    while (at < length && ++sequence[static_cast<size_t>(at)] == vocabulary) sequence[static_cast<size_t>(at++)] = 0;
    if (at == length) return;
  }
}

struct Posterior {
  double probability = 0;  // of the wish
  Tensor words;            // [T,V] given the wish
};

inline Posterior exact_posterior(const Tensor& words, const std::function<bool(const Sequence&)>& holds) {
  Posterior result = {0, torch::zeros_like(words)};
  for_every_sequence(words, [&](const Sequence& sequence, double probability) {
    if (!holds(sequence)) return;
    result.probability += probability;
    for (size_t at = 0; at < sequence.size(); ++at) result.words[static_cast<int64_t>(at)][sequence[at]] += probability;
  });
  result.words = result.words / result.probability;
  return result;
}

inline Tensor random_words(int64_t rows, int64_t length, int64_t vocabulary, uint64_t seed = 1) {
  torch::manual_seed(seed);
  return (2 * torch::randn({rows, length, vocabulary}, torch::kFloat64)).softmax(-1);
}

}  // namespace difflm::test
