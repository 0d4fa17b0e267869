// A text with given words: "The _ is cheap and *.", where _ is one open word and * any number of them, including none; see
// infill_pattern.h. An open word is one token; where words are
// not tokens, as many as words mostly have (open_word.h).
//
// Given words are pinned and occur in every text, whether or not the model was trained to see given words (model.given_flag).
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/random.h"
#include "difflm/steering/guide.h"
#include "difflm/steering/infill_pattern.h"
#include "difflm/steering/open_word.h"
#include "difflm/steering/wish_words.h"

namespace difflm {

class InfillGuide : public Guide {
 public:
  using Options = NoOptions;
  InfillGuide(const Options&, const GuideSource& source) : Guide({}), frame_(source.run.packing->frame()), seed_(source.seed) {
    const KnownText known = {*source.run.tokenizer, source.resources.documents()};
    const OpenWord open_word(source);
    for (const auto& part : read_infill(source.wish)) {
      if (part.kind == InfillPart::Kind::words) pattern_.push_back(kGap);
      if (part.kind == InfillPart::Kind::word) {
        for (const Token token : open_word.tokens(part.after_space, pattern_.empty())) pattern_.push_back(token);
      }
      if (part.kind != InfillPart::Kind::given) continue;
      for (const Token token : wish_tokens(part.text, known, "infill", !pattern_.empty())) pattern_.push_back(token);
    }
    gaps_ = std::count(pattern_.begin(), pattern_.end(), kGap);
    if (pattern_.empty()) throw usage_error("infill", "is empty, expected words, _ for an open one and * for any number of them");
    longest_ = source.run.length - (frame_ == Frame::framed ? 2 : 0);
    if (fixed() > longest_) {
      throw usage_error("infill",
                        fmt::format("asks for at least {} tokens, and the model's longest text has {}", fixed(), longest_));
    }
  }

  Tensor log_probability(const GuideView&) const override { return {}; }
  bool has_energy() const override { return false; }

  int64_t choose_length(int64_t, int64_t drawn) const override {
    if (frame_ == Frame::framed) return drawn;
    return gaps_ == 0 ? fixed() : std::max(fixed(), drawn);
  }

  Sequence pins(int64_t index, int64_t length) const override {
    if (frame_ != Frame::framed) return spread(index, length);
    Sequence sequence = {kStart};
    // The model writes END itself where the text may continue after the last given word.
    const bool ends = gaps_ == 0;
    const Sequence text = spread(index, ends ? fixed() : std::min(longest_, fixed() + gaps_ * kFramedGap));
    sequence.insert(sequence.end(), text.begin(), text.end());
    if (ends) sequence.push_back(kEnd);
    sequence.resize(static_cast<size_t>(length), ends ? kPad : kOpen);
    return sequence;
  }

  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override { return fits(0, tokens); }

 private:
  static constexpr Token kGap = -100;       // unlike the codes of open_words.h
  static constexpr int64_t kFramedGap = 8;  // words of a gap where END, not the sequence, ends a text

  int64_t fixed() const { return static_cast<int64_t>(pattern_.size()) - gaps_; }

  // The pattern with its gaps filled up to `length` by open words, shared out at random.
  Sequence spread(int64_t index, int64_t length) const {
    std::vector<int64_t> sizes(static_cast<size_t>(gaps_), 0);
    RandomStream random(seed_, "control.infill", static_cast<uint64_t>(index));
    for (int64_t word = fixed(); word < length && gaps_ > 0; ++word) ++sizes[random.below(static_cast<uint64_t>(gaps_))];
    Sequence sequence;
    size_t gap = 0;
    for (const Token token : pattern_) {
      if (token == kGap) {
        sequence.insert(sequence.end(), static_cast<size_t>(sizes[gap++]), kOpen);
      } else {
        sequence.push_back(token);
      }
    }
    return sequence;
  }

  // Whether `tokens` match the pattern from `at` on.
  bool fits(size_t at, std::span<const Token> tokens) const {
    if (at == pattern_.size()) return tokens.empty();
    if (pattern_[at] == kGap) return fits(at + 1, tokens) || (!tokens.empty() && fits(at, tokens.subspan(1)));
    if (tokens.empty() || (pattern_[at] >= 0 && pattern_[at] != tokens[0])) return false;
    return fits(at + 1, tokens.subspan(1));
  }

  Frame frame_;
  uint64_t seed_;
  Sequence pattern_;
  int64_t gaps_ = 0;
  int64_t longest_ = 0;
};

}  // namespace difflm
