#include "difflm/tokenizers/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "difflm/core/error.h"
#include "difflm/core/json.h"
#include "difflm/text/utf8.h"

namespace difflm {

std::string special_piece(Token token) {
  static const char* const kPieces[kSpecialTokens] = {"<start>", "<end>", "<unk>", "<pad>"};
  check_token(token, kSpecialTokens);
  return kPieces[token];
}

std::string listed(const std::string& bytes) {
  if (is_valid_utf8(bytes)) return bytes;
  std::string listing;
  for (const char byte : bytes) listing += fmt::format("<0x{:02X}>", static_cast<unsigned char>(byte));
  return listing;
}

void check_token(Token token, Token size) {
  if (token < 0 || token >= size) throw failure("tokenizer", fmt::format("no token {}, expected 0 to {}", token, size - 1));
}

void PieceCounter::add(std::string_view piece) {
  const auto found = index_.find(piece);
  if (found != index_.end()) {
    ++counts_[found->second];
    return;
  }
  index_.emplace(piece, pieces_.size());
  pieces_.emplace_back(piece);
  counts_.push_back(1);
}

std::vector<std::string> PieceCounter::ranked(int64_t min_count) const {
  std::vector<size_t> order(pieces_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return counts_[a] > counts_[b]; });
  std::vector<std::string> result;
  for (const size_t i : order) {
    if (counts_[i] >= min_count) result.push_back(pieces_[i]);
  }
  return result;
}

Vocabulary::Vocabulary(const Json& saved) : Vocabulary(saved.get<std::vector<std::string>>()) {}

Vocabulary::Vocabulary(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {
  ids_.reserve(pieces_.size());
  for (size_t i = 0; i < pieces_.size(); ++i) {
    if (!ids_.emplace(pieces_[i], kSpecialTokens + static_cast<Token>(i)).second) {
      throw failure("tokenizer", fmt::format("the piece '{}' occurs twice, expected each piece once", pieces_[i]));
    }
  }
}

Token Vocabulary::find(std::string_view piece) const {
  const auto found = ids_.find(piece);
  return found == ids_.end() ? kUnknown : found->second;
}

std::string Vocabulary::piece(Token token) const {
  check_token(token, size());
  return token < kSpecialTokens ? special_piece(token) : pieces_[static_cast<size_t>(token - kSpecialTokens)];
}

}  // namespace difflm
