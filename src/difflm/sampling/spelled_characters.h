// Rare characters are spelled by several tokens, their bytes, and bytes that are drawn one by one may be no character.
//
// A model that draws tokens at the same time has the parts of its text that are no UTF-8 drawn again, from the product of its
// probabilities under the condition that they are: exactly, by sums over the states of UTF-8 from the end of the part, then draws
// from its beginning (forward filtering, backward sampling: Rabiner 1989, with both directions exchanged). A model that draws token
// by token leaves out those that cannot follow.
#pragma once

#include <array>

#include "difflm/sampling/spelling_rule.h"
#include "difflm/text/utf8_state.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

class SpelledCharacters : public SpellingRule {
 public:
  explicit SpelledCharacters(const Tokenizer& tokenizer);

  // Whether every token is made of whole characters: nothing can be misspelled, and nothing else here is to be called.
  bool empty() const { return next_.empty(); }

  std::vector<Place> misspelled(std::span<const int64_t> tokens) const override;
  std::vector<int64_t> draw(const Tensor& probabilities, RandomStream& random) const override;

  // The state after a token. START, END and PAD may come between characters only. Not for Utf8State::broken.
  Utf8State after(Utf8State state, int64_t token) const { return next_[static_cast<size_t>(token)][static_cast<size_t>(state)]; }

  // The tokens that cannot follow each of `states` where `left` more may be written after them: [B,V] bool. Where no token could
  // follow, the vocabulary being without the bytes, all can.
  Tensor cannot_follow(const std::vector<Utf8State>& states, int64_t left) const;

 private:
  std::vector<std::array<Utf8State, kUtf8States>> next_;  // of each token, after each state; empty: see above
  Tensor barred_;                                         // [4,S,V] bool: by tokens left, at most 3, and states
};

}  // namespace difflm
