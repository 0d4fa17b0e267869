// A text that contains words, in order where several are given; and its opposite.
#pragma once

#include <algorithm>

#include "difflm/steering/guide.h"
#include "difflm/steering/wish_words.h"

namespace difflm {

// The words of a wish as the model's texts hold them.
inline WordAutomaton words_of(const GuideSource& source, const std::string& option) {
  const Tokenizer& tokenizer = *source.run.tokenizer;
  return {wish_phrases(source.wish, {tokenizer, source.resources.documents()}, option), tokenizer};
}

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
      : Guide(options), sharpness_(options.sharpness), automaton_(words_of(source, "keywords")) {}

  Tensor log_probability(const GuideView& view) const override { return automaton_.log_contains(view.probabilities, sharpness_); }
  int64_t choose_length(int64_t, int64_t drawn) const override {
    return strength().weight > 0 ? std::max(drawn, automaton_.fewest_tokens()) : drawn;
  }
  void add_to(WordRules& rules) const override { rules.add(automaton_, true); }
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
  WithoutGuide(const Options& options, const GuideSource& source) : Guide(options), automaton_(words_of(source, "without")) {}

  Tensor log_probability(const GuideView& view) const override { return automaton_.log_lacks(view.probabilities); }
  void add_to(WordRules& rules) const override { rules.add(automaton_, false); }
  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override { return !automaton_.contains(tokens); }

 private:
  WordAutomaton automaton_;
};

}  // namespace difflm
