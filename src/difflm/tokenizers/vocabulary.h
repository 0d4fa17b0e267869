// A list of pieces with their ids, the four special tokens first: what the word and character tokenizers share.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

// "<start>", "<end>", "<unk>", "<pad>".
std::string special_piece(Token token);

// How the bytes of a token are listed: as they are, or "<0xE2>" where they are not valid UTF-8 by themselves.
std::string listed(const std::string& bytes);

// Hash and equality that let a map of strings be searched with a string_view.
struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// Counts pieces in the order of their first occurrence.
class PieceCounter {
 public:
  void add(std::string_view piece);

  // The pieces seen at least `min_count` times, most frequent first, ties by first occurrence.
  std::vector<std::string> ranked(int64_t min_count) const;

 private:
  std::unordered_map<std::string, size_t, TextHash, std::equal_to<>> index_;
  std::vector<std::string> pieces_;
  std::vector<int64_t> counts_;
};

class Vocabulary {
 public:
  // Special tokens, then `pieces` in their order. Throws a failure when one occurs twice.
  explicit Vocabulary(std::vector<std::string> pieces);
  explicit Vocabulary(const Json& saved);  // a list of them

  Token size() const { return kSpecialTokens + static_cast<Token>(pieces_.size()); }

  // The id of an ordinary piece, kUnknown where there is none. Never a special token: "<pad>" in a text is ordinary text.
  Token find(std::string_view piece) const;

  // Throws a failure when `token` is not in 0 .. size()-1.
  std::string piece(Token token) const;

  const std::vector<std::string>& pieces() const { return pieces_; }

 private:
  std::vector<std::string> pieces_;
  std::unordered_map<std::string, Token, TextHash, std::equal_to<>> ids_;
};

// Throws a failure when `token` is not an id of a vocabulary with `size` entries.
void check_token(Token token, Token size);

}  // namespace difflm
