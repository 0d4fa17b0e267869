// A tokenizer of ten tokens that spells three words by pieces.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/json.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm::test {

inline constexpr Token kCat = 4;  // " cat", a word by itself
inline constexpr Token kMa = 5;   // " ma", begins words only
inline constexpr Token kTe = 6;
inline constexpr Token kNa = 7;
inline constexpr Token kStop = 8;
inline constexpr Token kYear = 9;  // " 1611"

// " mate" 30 times, " mana" 10 times, " manate" twice; one word of one token.
class Pieces : public Tokenizer {
 public:
  explicit Pieces(Token size = 10) : size_(size) {}  // further tokens are empty
  std::string kind() const override { return "pieces"; }
  Token size() const override { return size_; }
  std::vector<Token> encode(std::string_view) const override { return {}; }
  std::string decode(std::span<const Token>) const override { return ""; }
  std::string normalise(std::string_view text) const override { return std::string(text); }
  std::string piece(Token token) const override { return bytes(token); }
  std::string bytes(Token token) const override {
    static const std::vector<std::string> all = {"", "", "<unk>", "", " cat", " ma", "te", "na", ".", " 1611"};
    return token < 10 ? all[static_cast<size_t>(token)] : "";
  }
  int64_t source_id(Token) const override { return -1; }
  std::vector<KnownWord> known_words() const override {
    return {{{kCat}, 1}, {{kMa, kTe}, 30}, {{kMa, kNa}, 10}, {{kMa, kNa, kTe}, 2}};
  }
  Json to_json() const override { return {}; }

 private:
  Token size_;
};

}  // namespace difflm::test
