// A text that contains words, in order where several are given; and its opposite.
#pragma once

#include "difflm/steering/guide.h"
#include "difflm/steering/wish_words.h"

namespace difflm {

class KeywordsGuide : public Guide {
 public:
  struct Options : GuideStrength {
    double sharpness = 5;
    void describe(OptionVisitor& visitor) {
      GuideStrength::describe(visitor);
      visitor.field("sharpness", sharpness, "how early one place is chosen for a word; 1: as late as the model does", {1, 100});
    }
  };
  KeywordsGuide(const Options& options, const GuideSource& source)
      : Guide(options), sharpness_(options.sharpness), automaton_(wish_phrases(source.wish, *source.run.tokenizer, "keywords")) {}

  Tensor log_probability(const GuideView& view) const override { return automaton_.log_contains(view.probabilities, sharpness_); }
  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override { return automaton_.contains(tokens); }
  std::optional<bool> fulfilled_by(const Document&, std::span<const Token> tokens) const override {
    return automaton_.contains(tokens);
  }

 private:
  double sharpness_;
  WordAutomaton automaton_;
};

class WithoutGuide : public Guide {
 public:
  using Options = GuideStrength;
  WithoutGuide(const Options& options, const GuideSource& source)
      : Guide(options), automaton_(wish_phrases(source.wish, *source.run.tokenizer, "without")) {}

  Tensor log_probability(const GuideView& view) const override { return automaton_.log_lacks(view.probabilities); }
  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override { return !automaton_.contains(tokens); }

 private:
  WordAutomaton automaton_;
};

}  // namespace difflm
