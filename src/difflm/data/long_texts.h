// What becomes of texts that are longer than a sequence. A family.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"
#include "difflm/data/token_breaks.h"

namespace difflm {

// The tokens [begin, end) of a text.
struct TextPart {
  size_t begin = 0;
  size_t end = 0;
  bool operator==(const TextPart&) const = default;
};

class LongTexts {
 public:
  virtual ~LongTexts() = default;

  // The parts, in order and of at most `longest` tokens, that are kept of a text of more tokens.
  virtual std::vector<TextPart> parts(std::span<const Token> text, size_t longest, const TokenBreaks& breaks,
                                      RandomStream& random) const = 0;

  // Whether the parts together are the text, so that a model of them can write texts longer than a sequence.
  virtual bool keeps_all() const = 0;

  // Whether the parts differ from epoch to epoch.
  virtual bool varies() const { return false; }

  // What is done with such texts: "split at the ends of sentences".
  virtual std::string done() const = 0;
};

using LongTextsFamily = Family<LongTexts>;
const LongTextsFamily& long_texts();  // data.long

}  // namespace difflm
