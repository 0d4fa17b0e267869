// A text whose words have given parts of speech, "DET NOUN AUX _ ADJ PUNCT", one per word and _ for any.
//
// How often each word has each tag is counted in the training texts that come with tags. The probability that an uncertain word has
// its tag is then a sum over the vocabulary, and that of the sequence a product: linear in the probabilities of every position.
#pragma once

#include "difflm/steering/guide.h"

namespace difflm {

class PartOfSpeechGuide : public Guide {
 public:
  using Options = GuideStrength;
  // `option`: whose wish it is, for messages.
  PartOfSpeechGuide(const Options& options, const GuideSource& source, const std::string& option = "part-of-speech");

  Tensor log_probability(const GuideView& view) const override;
  int64_t choose_length(int64_t, int64_t) const override { return static_cast<int64_t>(wanted_.size()); }

  // By the most frequent tag of each word.
  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override;

 private:
  std::vector<int64_t> wanted_;  // index of each word's tag, -1 for any
  Tensor tag_of_word_;           // [V,K] p(tag | word)
};

}  // namespace difflm
