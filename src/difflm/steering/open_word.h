// One open word of an infill in the tokens of a model.
#pragma once

#include "difflm/sampling/open_words.h"
#include "difflm/steering/guide.h"

namespace difflm {

class OpenWord {
 public:
  // From the training texts; where they are gone, a word is one token.
  explicit OpenWord(const GuideSource& source);

  // What to pin: `after_space` as it is typed, `first` where it begins the text.
  Sequence tokens(bool after_space, bool first) const;

 private:
  bool words_are_tokens_ = false;
  bool space_is_implied_ = false;  // a word brings its space along wherever it stands
  bool first_has_space_ = false;   // also the first one
  size_t size_ = 1;                // the most frequent number of tokens of a word
};

}  // namespace difflm
