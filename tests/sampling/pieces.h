// A tokenizer of ten tokens that spells three words by pieces.
#pragma once

#include <string>
#include <vector>

#include "tokenizers/listed_tokens.h"

namespace difflm::test {

inline constexpr Token kCat = 4;  // " cat", a word by itself
inline constexpr Token kMa = 5;   // " ma", begins words only
inline constexpr Token kTe = 6;
inline constexpr Token kNa = 7;
inline constexpr Token kStop = 8;
inline constexpr Token kYear = 9;  // " 1611"

// " mate" 30 times, " mana" 10 times, " manate" twice; one word of one token.
class Pieces : public ListedTokens {
 public:
  explicit Pieces(Token size = 10) : ListedTokens(listed(size)) {}  // further tokens are empty
  std::vector<KnownWord> known_words() const override {
    return {{{kCat}, 1}, {{kMa, kTe}, 30}, {{kMa, kNa}, 10}, {{kMa, kNa, kTe}, 2}};
  }

 private:
  static std::vector<std::string> listed(Token size) {
    std::vector<std::string> bytes = {" cat", " ma", "te", "na", ".", " 1611"};
    bytes.resize(static_cast<size_t>(size - kSpecialTokens));
    return bytes;
  }
};

}  // namespace difflm::test
