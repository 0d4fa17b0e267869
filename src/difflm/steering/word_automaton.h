// The exact probability that a text of independently uncertain tokens contains given phrases, one after another.
//
// An automaton in the manner of Knuth, Morris and Pratt (1977) reads the text; its state says how much of the phrases has been
// seen. The probability of each state after t tokens follows from those after t - 1 by a sum over tokens (the forward algorithm).
// The result is linear in the token probabilities of every position, so its gradient gives exact posteriors: see rule/posterior.h.
#pragma once

#include <span>
#include <vector>

#include "difflm/data/packing.h"
#include "difflm/nn/torch.h"

namespace difflm {

// Tokens that count as the same word, for instance "cheap" and "Cheap".
using WordClass = std::vector<Token>;

class WordAutomaton {
 public:
  // Each phrase is a sequence of word classes, of which any two are equal or disjoint. Phrases follow one another without overlap,
  // with anything between them.
  explicit WordAutomaton(const std::vector<std::vector<WordClass>>& phrases);

  // probabilities [B,T,V] -> [B] float64 log-probabilities: that all phrases occur, or that they do not.
  Tensor log_contains(const Tensor& probabilities, double sharpness = 1) const;
  Tensor log_lacks(const Tensor& probabilities) const;

  bool contains(std::span<const Token> tokens) const;

 private:
  Tensor state_probabilities(const Tensor& probabilities, double sharpness) const;  // [B,T,V] -> [B,S] after the last token

  std::vector<WordClass> classes_;
  std::vector<std::vector<int64_t>> next_;  // [state][class, or the number of classes for any other token] -> state
};

}  // namespace difflm
