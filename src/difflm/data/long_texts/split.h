// Split where it hurts least: after the last sentence that a part can hold; where there is none in its last three quarters, after
// the last clause; otherwise at spaces, or anywhere, into parts of about equal length.
#pragma once

#include "difflm/data/long_texts.h"

namespace difflm {

class SplitLongTexts : public LongTexts {
 public:
  using Options = NoOptions;
  explicit SplitLongTexts(const Options&) {}

  std::vector<TextPart> parts(std::span<const Token> text, size_t longest, const TokenBreaks& breaks,
                              RandomStream&) const override {
    std::vector<TextPart> result;
    size_t begin = 0;
    while (text.size() - begin > longest) {
      const size_t end = end_of_part(text, begin, longest, breaks);
      result.push_back({begin, end});
      begin = end;
    }
    result.push_back({begin, text.size()});
    return result;
  }

  bool keeps_all() const override { return true; }
  std::string done() const override { return "split at the ends of sentences"; }

 private:
  static size_t end_of_part(std::span<const Token> text, size_t begin, size_t longest, const TokenBreaks& breaks) {
    const size_t left = text.size() - begin;
    const size_t count = (left + longest - 1) / longest;
    const size_t even = begin + (left + count - 1) / count;
    const auto last = [&](size_t from, TokenBreaks::Strength least) {
      for (size_t at = from; at > begin + longest / 4; --at) {
        if (breaks.before(text, at) >= least) return at;
      }
      return size_t{0};
    };
    for (const auto least : {TokenBreaks::kSentence, TokenBreaks::kClause}) {
      if (const size_t end = last(begin + longest, least); end > 0) return end;
    }
    for (const auto least : {TokenBreaks::kSpace, TokenBreaks::kInside}) {
      if (const size_t end = last(even, least); end > 0) return end;
    }
    return even;
  }
};

}  // namespace difflm
