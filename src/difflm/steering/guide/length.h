// A text of given length: "14" tokens, or "10..20". It is met exactly: the sequence gets that length, or in padded sequences END
// and PAD are pinned where they belong. A length drawn outside the range is drawn again within it, uniformly.
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/random.h"
#include "difflm/steering/guide.h"

namespace difflm {

class LengthGuide : public Guide {
 public:
  using Options = NoOptions;
  LengthGuide(const Options&, const GuideSource& source) : Guide({}), frame_(source.run.packing->frame()), seed_(source.seed) {
    const size_t dots = source.wish.find("..");
    least_ = number(source.wish.substr(0, dots), source.wish);
    most_ = dots == std::string::npos ? least_ : number(source.wish.substr(dots + 2), source.wish);
    const int64_t longest = source.run.length - (frame_ == Frame::framed ? 2 : 0);  // START and END enclose the text
    if (least_ < 1 || most_ < least_ || most_ > longest) {
      throw usage_error("length", fmt::format("is {}, expected 1 to {} tokens, the model's longest text", source.wish, longest));
    }
  }

  Tensor log_probability(const GuideView&) const override { return {}; }
  bool has_energy() const override { return false; }

  int64_t choose_length(int64_t index, int64_t drawn) const override {
    if (frame_ == Frame::framed || (least_ <= drawn && drawn <= most_)) return drawn;
    return drawn_within(index);
  }

  Sequence pins(int64_t index, int64_t length) const override {
    if (frame_ != Frame::framed) return {};
    const auto text = static_cast<size_t>(drawn_within(index));
    Sequence sequence(static_cast<size_t>(length), kPad);
    std::fill_n(sequence.begin(), text + 1, -1);
    sequence[0] = kStart;
    sequence[text + 1] = kEnd;
    return sequence;
  }

  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override {
    const auto length = static_cast<int64_t>(tokens.size());
    return least_ <= length && length <= most_;
  }

 private:
  static int64_t number(const std::string& text, const std::string& wish) {
    const bool digits = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) throw usage_error("length", fmt::format("is '{}', expected a number of tokens, or a range as 10..20", wish));
    return std::stoll(text);
  }

  int64_t drawn_within(int64_t index) const {
    RandomStream random(seed_, "control.length", static_cast<uint64_t>(index));
    return least_ + static_cast<int64_t>(random.below(static_cast<uint64_t>(most_ - least_ + 1)));
  }

  Frame frame_;
  uint64_t seed_;
  int64_t least_ = 0;
  int64_t most_ = 0;
};

}  // namespace difflm
