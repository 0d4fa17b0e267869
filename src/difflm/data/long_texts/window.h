// Windows that follow one another, the first of a random length, so that every token of a long text is seen once per epoch, and
// over the epochs at every place of a sequence.
#pragma once

#include <algorithm>

#include "difflm/data/long_texts.h"

namespace difflm {

class LongTextWindows : public LongTexts {
 public:
  using Options = NoOptions;
  explicit LongTextWindows(const Options&) {}

  std::vector<TextPart> parts(std::span<const Token> text, size_t longest, const TokenBreaks&,
                              RandomStream& random) const override {
    std::vector<TextPart> result;
    size_t end = longest - random.below(longest - longest / 4);  // no window of a token or two
    for (size_t begin = 0; begin < text.size(); end += longest) {
      result.push_back({begin, std::min(end, text.size())});
      begin = result.back().end;
    }
    return result;
  }

  bool keeps_all() const override { return true; }
  bool varies() const override { return true; }
  std::string done() const override { return "split into windows, others in every epoch"; }
};

}  // namespace difflm
