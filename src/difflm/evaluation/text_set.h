// Texts with their words, the one view that every metric counts on.
//
// Words come from counted_words whatever tokenizer a model has, since entropy, distinct-n and lengths counted in a model's own
// tokens cannot be compared between tokenizers (the trap "unequal data").
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "difflm/text/counted_words.h"

namespace difflm {

struct TextSet {
  std::vector<std::string> texts;
  std::vector<std::vector<std::string>> words;  // of each text; an empty text has none

  size_t size() const { return texts.size(); }
};

inline TextSet make_text_set(std::vector<std::string> texts) {
  TextSet set{std::move(texts), {}};
  set.words.reserve(set.texts.size());
  for (const auto& text : set.texts) set.words.push_back(counted_words(text));
  return set;
}

}  // namespace difflm
