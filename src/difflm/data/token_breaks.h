// Where a text may be cut: how good a place there is between two of its tokens.
//
// Decided by the ends of the two tokens' own bytes, once per token of the vocabulary: a full stop only ends a sentence where white
// space follows ("3.14" has one inside), and a closing quotation mark or bracket stays with what it closes. An abbreviation before
// a capital letter ("Mr. Smith") looks like the end of a sentence; a cut there costs little.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

class TokenBreaks {
 public:
  enum Strength : int { kNever = -1, kInside = 0, kSpace = 1, kClause = 2, kSentence = 3 };

  TokenBreaks() = default;  // all places inside a text are the same: kInside
  explicit TokenBreaks(const Tokenizer& tokenizer);

  // Of the place before text[at], 0 < at < text.size(). Never inside a character, nor before END or PAD, which belong to the token
  // before them.
  Strength before(std::span<const Token> text, size_t at) const;

 private:
  struct Edges {
    bool goes_on = false;  // begins inside a character
    bool begins_spaced = false;
    bool begins_line = false;
    bool begins_lower = false;
    bool ends_spaced = false;
    bool closes = false;      // nothing but closing quotation marks and brackets
    bool needs_space = true;  // after it, to be an end
    Strength end = kInside;   // kSentence, kClause or neither
  };
  static Edges edges_of(const std::string& bytes);

  std::vector<Edges> edges_;   // per token of the vocabulary
  bool marks_spaces_ = false;  // spaces are bytes of tokens; otherwise each token is a word
};

}  // namespace difflm
