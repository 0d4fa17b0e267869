// Open words: what stands at places that a wish leaves open for exactly one word, where words are not tokens.
//
// A token that begins a word brings its space along, one that goes on with it does not. So a place can ask for either, and what is
// written there is one word, whatever the model would rather have.
#pragma once

#include "difflm/nn/torch.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

// What a pinned sequence (steering.h) has at places without a token.
inline constexpr Token kOpen = -1;       // any token
inline constexpr Token kWordStart = -2;  // one that begins a word, with the space before it
inline constexpr Token kWordRest = -3;   // one that goes on with a word, or begins it without a space

// To be added to the logits: 0 where a token may stand, far below elsewhere; a row for each of the three, [3,V] float32.
Tensor open_word_penalties(const Tokenizer& tokenizer);

}  // namespace difflm
