// Rare words are spelled by several tokens, and tokens that are drawn at the same time spell words that do not exist. So the tokens
// of such a word are drawn together, from the words that occur in the training texts. (Token by token: word_paths.h.)
//
// A step of denoising gives a distribution for each token alone. A joint one that leans towards these, and has the words that the
// training texts have, weighs a word w of k tokens by
//
//     count(w) * product over its tokens of  sqrt(p_i(w_i) / q_i(w_i))
//
// where p_i is the model's probability at place i, and q_i the share of w_i among the i-th tokens of all words of k tokens. Where
// the model knows nothing, words come as often as in the texts. Without the root this is the first step of iterative proportional
// fitting, which Liu et al. 2024 (Discrete Copula Diffusion, arXiv 2410.01949) use with an autoregressive model in the place of the
// counts; the root is there since the places of a word say much the same (with it the entropy is that of real text: docs/tried.md).
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "difflm/sampling/spelling_rule.h"
#include "difflm/sampling/word_roles.h"

namespace difflm {

class SpelledWords : public SpellingRule {
 public:
  // Throws a usage error where the tokenizer has kept no words.
  explicit SpelledWords(const Tokenizer& tokenizer);

  // The words of a text that do not occur in the training texts.
  std::vector<Place> misspelled(std::span<const int64_t> tokens) const override;

  // Known words for the places of an unknown one: one word, or several where none is so long.
  std::vector<int64_t> draw(const Tensor& probabilities, RandomStream& random) const override;

 private:
  struct OfLength {
    std::vector<Token> tokens;      // k of each word, one word after another
    std::vector<double> log_prior;  // log of count / product of the roots of the shares
  };

  std::vector<int64_t> draw_word(const float* probabilities, size_t length, RandomStream& random) const;

  int64_t vocabulary_;
  std::vector<WordRole> roles_;     // of each token
  std::vector<std::string> bytes_;  // of each token
  std::unordered_set<std::string> known_;
  std::unordered_map<size_t, OfLength> words_;  // by their number of tokens
  size_t longest_ = 0;
};

}  // namespace difflm
