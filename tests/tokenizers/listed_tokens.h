// A vocabulary written down.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "difflm/core/json.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm::test {

class ListedTokens : public Tokenizer {
 public:
  explicit ListedTokens(std::vector<std::string> bytes) : bytes_(std::move(bytes)) {}
  std::string kind() const override { return "listed"; }
  Token size() const override { return kSpecialTokens + static_cast<Token>(bytes_.size()); }
  std::vector<Token> encode(std::string_view) const override { return {}; }
  std::string decode(std::span<const Token> tokens) const override {
    std::string text;
    for (const Token token : tokens) text += bytes(token);
    return text;
  }
  std::string normalise(std::string_view text) const override { return std::string(text); }
  std::string piece(Token token) const override { return bytes(token); }
  std::string bytes(Token token) const override {
    if (token < kSpecialTokens) return token == kUnknown ? "<unk>" : "";
    return bytes_.at(static_cast<size_t>(token - kSpecialTokens));
  }
  int64_t source_id(Token) const override { return -1; }
  Json to_json() const override { return {}; }

 private:
  std::vector<std::string> bytes_;
};

}  // namespace difflm::test
