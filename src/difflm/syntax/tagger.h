// Parts of speech learned from tagged texts: a hidden Markov model of trigrams of tags (Brants 2000, "TnT",
// aclanthology.org/A00-1031).
//
//   argmax over tags of  prod_i p(t_i | t_i-2, t_i-1) p(w_i | t_i)  p(end | t_n-1, t_n)
//
// found exactly by Viterbi's algorithm. Transitions mix the frequencies of one, two and three tags, with weights by deleted
// interpolation: how often each of the three best predicts a trigram that is itself left out. The tags of an unseen word come from
// its ending and its first letter (word_endings.h); at the start of a sentence it may be a known word with a capital.
//
// Measured on the Brown corpus, see docs/control.md. A tagger tags any words, so it cannot tell that a text is not English.
#pragma once

#include <array>
#include <span>
#include <unordered_map>

#include "difflm/syntax/annotator.h"
#include "difflm/syntax/tag_counts.h"
#include "difflm/syntax/word_endings.h"

namespace difflm {

class Tagger : public Annotator {
 public:
  explicit Tagger(TagCounts counts);

  // One tag per word.
  std::vector<std::string> tag(std::span<const std::string> words) const;

  // log p of words with these tags, up to a term that depends on the words alone.
  double log_probability(std::span<const std::string> words, std::span<const std::string> tags) const;

  // The weights of tag, pair and trigram; they sum to 1.
  const std::array<double, 3>& mixture() const { return mixture_; }

  std::optional<Annotation> annotate(const std::string& text) override;
  bool gives_trees() const override { return false; }

  const TagCounts& counts() const { return counts_; }

 private:
  struct Candidate {
    size_t tag;
    double log_emission;
  };

  void find_mixture();
  double log_transition(size_t before, size_t last, size_t next) const;
  std::vector<std::vector<Candidate>> candidates(std::span<const std::string> words) const;

  using Key = uint64_t;
  Key key(size_t first, size_t second, size_t third = 0) const;

  TagCounts counts_;
  size_t edge_;  // the tag before and after a text
  WordEndings endings_;
  std::vector<double> emitted_;  // words of each tag
  std::vector<double> single_;   // trigrams that end in each tag
  double all_ = 0;
  std::unordered_map<Key, double> pairs_;      // trigrams that end in this pair
  std::unordered_map<Key, double> trigrams_;   //
  std::vector<double> after_one_;              // trigrams whose middle is this tag
  std::unordered_map<Key, double> after_two_;  // trigrams that begin with this pair
  std::array<double, 3> mixture_ = {};
};

// Of a tagger trained on nine of every ten documents, on the words of the tenth.
struct TaggerAccuracy {
  size_t words = 0;
  size_t right = 0;
  size_t unseen = 0;  // words that do not occur in the nine
  size_t unseen_right = 0;
};
TaggerAccuracy held_out_accuracy(const std::vector<Document>& documents, const std::string& source);

}  // namespace difflm
