// A text that begins with given words: a prompt. It is taken as it is, without placeholders (infill.h has those).
//
// A diffusion model has the words pinned and writes the rest around them; an autoregressive one writes on from them, so this is the
// one wish about words that it follows exactly.
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "difflm/sampling/open_words.h"
#include "difflm/steering/guide.h"
#include "difflm/steering/wish_words.h"

namespace difflm {

class BeginGuide : public Guide {
 public:
  using Options = NoOptions;
  BeginGuide(const Options&, const GuideSource& source)
      : Guide({}),
        frame_(source.run.packing->frame()),
        tokens_(wish_tokens(source.wish, {*source.run.tokenizer, source.resources.documents()}, "begin")) {
    if (tokens_.empty()) throw usage_error("begin", "is empty, expected the words that a text begins with");
    const int64_t longest = source.run.length - (frame_ == Frame::framed ? 2 : 0);  // START and END enclose the text
    if (given() <= longest) return;
    throw usage_error("begin", fmt::format("has {} tokens, and the model's longest text has {}", given(), longest));
  }

  Tensor log_probability(const GuideView&) const override { return {}; }
  bool has_energy() const override { return false; }
  bool needs_whole_texts() const override { return false; }

  int64_t choose_length(int64_t, int64_t drawn) const override {
    return frame_ == Frame::framed ? drawn : std::max(given(), drawn);
  }

  Sequence pins(int64_t, int64_t length) const override {
    Sequence sequence;
    if (frame_ == Frame::framed) sequence.push_back(kStart);
    sequence.insert(sequence.end(), tokens_.begin(), tokens_.end());
    sequence.resize(static_cast<size_t>(length), kOpen);
    return sequence;
  }

  // Lengths are drawn as in the texts that go on after so many tokens.
  std::optional<bool> fulfilled_by(const Document&, std::span<const Token> tokens) const override {
    return tokens.size() > tokens_.size();
  }

  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override {
    return tokens.size() >= tokens_.size() && std::equal(tokens_.begin(), tokens_.end(), tokens.begin());
  }

 private:
  int64_t given() const { return static_cast<int64_t>(tokens_.size()); }

  Frame frame_;
  Sequence tokens_;
};

}  // namespace difflm
