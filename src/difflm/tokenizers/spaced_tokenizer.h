// Words with the space before them (spaced_text.h), and pieces for the words that are rare: nothing is lost and nothing is unknown.
//
// A word seen at least `min_count` times, of the most frequent ones, is one token. Every other word is spelled by byte-pair merges
// that were learned on just these rare words, from characters up. Where a rare word is linked by hyphens, apostrophes or stops, its
// parts are words themselves ("Zebulun" "'s"). So most of a text is whole words, of which a model can invent none, and the rest
// has few pieces. Scripts without spaces have no words to look up: there the merges are all.
//
// normalise(s) = s as valid UTF-8, otherwise byte for byte. Bytes that a model combines to no character become U+FFFD.
#pragma once

#include <unordered_map>

#include "difflm/tokenizers/bpe_merges.h"
#include "difflm/tokenizers/tokenizer.h"
#include "difflm/tokenizers/vocabulary.h"

namespace difflm {

class SpacedTokenizer : public Tokenizer {
 public:
  struct Options {
    int64_t vocab_size = 8192;
    int64_t min_count = 3;
    int64_t subwords = 1024;

    void describe(OptionVisitor& visitor) {
      visitor.field("vocab_size", vocab_size,
                    "the 4 special tokens, 256 bytes, characters, pieces and words; fewer where a corpus is small", {260, 1 << 20});
      visitor.field("min_count", min_count, "words seen less often are spelled by pieces", {1, 1e9});
      visitor.field("subwords", subwords, "how much of the vocabulary is kept for pieces, if the rare words need so many",
                    {0, 1 << 20});
    }
  };

  SpacedTokenizer(const Options& options, const TokenizerSource& source);

  std::string kind() const override { return "spaced"; }
  Token size() const override { return kSpecialTokens + static_cast<Token>(pieces_.size()); }
  std::vector<Token> encode(std::string_view text) const override;
  std::string decode(std::span<const Token> tokens) const override;
  std::string normalise(std::string_view text) const override;

  // With the space before it, as " word"; bytes that are not valid UTF-8 by themselves are listed as "<0xE2>".
  std::string piece(Token token) const override;
  std::string bytes(Token token) const override;
  int64_t source_id(Token) const override { return -1; }
  std::vector<KnownWord> known_words() const override;
  Json to_json() const override;

 private:
  struct Learned {
    std::vector<std::string> characters;
    std::vector<BpePair> merges;
    std::vector<std::string> words;
    std::vector<std::pair<std::string, int64_t>> spelled;
  };
  static Learned learn(const Options& options, const TextSource& texts);
  static Learned read(const Json& saved);
  explicit SpacedTokenizer(Learned learned);

  Token add(const std::string& piece);
  void spell(std::string_view chunk, std::vector<Token>& tokens) const;

  std::vector<std::string> characters_;  // that merges begin from besides bytes
  BpeMerges merges_;
  std::vector<std::string> words_;
  std::vector<std::pair<std::string, int64_t>> spelled_;                           // other words of the texts, and their counts
  std::vector<std::string> pieces_;                                                // of token kSpecialTokens + i
  std::unordered_map<std::string, Token, TextHash, std::equal_to<>> tokens_;       // of each piece
  std::unordered_map<std::string, BpeSymbol, TextHash, std::equal_to<>> letters_;  // of each character
  std::vector<Token> token_of_symbol_;
};

}  // namespace difflm
