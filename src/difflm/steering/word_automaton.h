// The probability that a text with independently uncertain words contains given phrases, one after another: exact.
//
// An automaton in the manner of Knuth, Morris and Pratt (1977) reads the text; its state says how much of the phrases has been
// seen. The chance of each state after t words follows from that after t - 1 by a sum over words (the forward algorithm), and the
// result is linear in the word probabilities of every position. So its gradient gives exact posteriors, see rule/posterior.h.
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
  // Each phrase a sequence of words; word classes are equal or disjoint. Phrases follow one another without overlap, with anything
  // between them.
  explicit WordAutomaton(const std::vector<std::vector<WordClass>>& phrases);

  // words [B,T,V] -> [B] float64 log-probabilities: that all phrases occur, or that they do not.
  Tensor log_contains(const Tensor& probabilities, double sharpness = 1) const;
  Tensor log_lacks(const Tensor& probabilities) const;

  bool contains(std::span<const Token> tokens) const;

 private:
  Tensor state_probabilities(const Tensor& probabilities, double sharpness) const;  // [B,T,V] -> [B,S] after the last word

  std::vector<WordClass> classes_;
  std::vector<std::vector<int64_t>> next_;  // [state][class, or the number of classes for any other word] -> state
};

}  // namespace difflm
