// Byte-level byte-pair encoding, trained here: 256 bytes and the merges of bpe_merges.h. No text is ever unknown.
//
// normalise(s) = s as valid UTF-8, otherwise byte for byte. Tokens combined by a model may not be valid UTF-8; decode then
// writes U+FFFD for each stray byte.
#pragma once

#include "difflm/tokenizers/bpe_merges.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

class BpeTokenizer : public Tokenizer {
 public:
  struct Options {
    int64_t vocab_size = 1024;
    int64_t min_count = 2;

    void describe(OptionVisitor& visitor) {
      visitor.field("vocab_size", vocab_size, "the 4 special tokens, 256 bytes and the merges", {260, 1 << 20});
      visitor.field("min_count", min_count, "pairs seen less often are not merged", {1, 1e9});
    }
  };

  BpeTokenizer(const Options& options, const TokenizerSource& source);

  std::string kind() const override { return "bpe"; }
  Token size() const override { return kSpecialTokens + static_cast<Token>(bytes_.size()); }
  std::vector<Token> encode(std::string_view text) const override;
  std::string decode(std::span<const Token> tokens) const override;
  std::string normalise(std::string_view text) const override;

  // Bytes that are not valid UTF-8 by themselves are listed as "<0xE2>".
  std::string piece(Token token) const override;
  std::string bytes(Token token) const override;
  int64_t source_id(Token) const override { return -1; }
  Json to_json() const override;

 private:
  void encode_chunk(std::string_view chunk, std::vector<Token>& tokens) const;

  BpeMerges merges_;
  std::vector<std::string> bytes_;  // of each symbol
};

}  // namespace difflm
