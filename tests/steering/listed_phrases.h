// Phrases written down, for sums over every text of a vocabulary.
#pragma once

#include <string>
#include <vector>

#include "difflm/steering/word_automaton.h"
#include "difflm/text/utf8.h"

namespace difflm::test {

// Phrases of one spelling each, whose characters have one form.
inline std::vector<WishPhrase> phrases_of(const std::vector<std::string>& texts) {
  std::vector<WishPhrase> phrases;
  for (const auto& text : texts) {
    PhraseSpelling spelling;
    for (size_t at = 0; at < text.size();) {
      const CodePoint point = code_point_at(text, at);
      spelling.push_back({point.value});
      at += point.length;
    }
    phrases.push_back({spelling});
  }
  return phrases;
}

}  // namespace difflm::test
