// A judge without a network: an n-gram model of words with interpolated modified Kneser-Ney smoothing (Chen and Goodman 1998,
// "An Empirical Study of Smoothing Techniques for Language Modeling", section 3).
//
//     p(w | h) = max(c(hw) - D(c(hw)), 0) / c(h) + g(h) p(w | h without its first word)
//
// c are counts at the highest order and, below it, numbers of distinct words seen before (raw counts where the n-gram starts a
// text); D takes one of three values for counts 1, 2 and more, computed from the counts of counts; g(h) is what the discounts left
// over. Below single words comes the spelling of the word, each byte and the end of the word with probability 1/257, so that a word
// never seen has a price too and all strings together have probability 1. The end of a text is the empty word.
//
// It looks back no further than n - 1 words: it can judge fluency over that span only, which the network judge does better; but
// nobody can suspect it of sharing a network's habits.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "difflm/evaluation/judge/judge.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class KneserNey : public Judge {
 public:
  // Learns from texts in words. Throws a usage error for an order below 1 or no texts.
  KneserNey(const std::vector<Words>& texts, int64_t order);

  std::string name() const override;

  // tokens: words of counted_words plus the end of text.
  std::vector<Score> score(const std::vector<std::string>& texts) const override;

  // log p(word | the words of the text before it), "" being the end of text; `before` may be of any length.
  double log_probability(const Words& before, const std::string& word) const;

 private:
  struct Ngram {
    uint32_t count = 0;
    bool noted = false;  // in its context, while learning
  };
  struct Context {
    uint64_t total = 0;
    std::array<uint32_t, 3> types = {};  // words seen once, twice, more often
  };
  struct Order {
    std::unordered_map<uint64_t, Ngram> ngrams;      // by the hash of their words
    std::unordered_map<uint64_t, Context> contexts;  // by the hash of all words but the last
    std::array<double, 3> discounts = {};
  };

  void count(const std::vector<uint64_t>& padded);
  void note_contexts(const std::vector<uint64_t>& padded);
  double log_probability(const std::vector<uint64_t>& padded, size_t place, const std::string& word) const;

  size_t order_;
  size_t texts_;
  std::vector<Order> orders_;  // [0] single words
};

}  // namespace difflm
