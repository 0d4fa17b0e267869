// One token per word, as words.h cuts texts. Words seen fewer than `min_count` times are unknown.
//
// normalise(s) = join_words(split_words(s)), lower-cased first if `lowercase` is set.
#pragma once

#include "difflm/tokenizers/tokenizer.h"
#include "difflm/tokenizers/vocabulary.h"

namespace difflm {

class WordTokenizer : public Tokenizer {
 public:
  struct Options {
    int64_t min_count = 3;
    int64_t max_size = 0;
    bool lowercase = false;

    void describe(OptionVisitor& visitor) {
      visitor.field("min_count", min_count, "words seen less often become <unk>", {1, 1e9});
      visitor.field("max_size", max_size, "largest vocabulary, the 4 special tokens included; 0: no limit", {0, 1e9});
      visitor.field("lowercase", lowercase, "convert texts to lower case");
    }
  };

  WordTokenizer(const Options& options, const TokenizerSource& source);

  std::string kind() const override { return "word"; }
  Token size() const override { return vocabulary_.size(); }
  std::vector<Token> encode(std::string_view text) const override;
  std::string decode(std::span<const Token> tokens) const override;
  std::string normalise(std::string_view text) const override;
  std::string piece(Token token) const override { return vocabulary_.piece(token); }
  std::string bytes(Token token) const override {
    return token == kStart || token == kEnd || token == kPad ? "" : vocabulary_.piece(token) + " ";
  }
  int64_t source_id(Token) const override { return -1; }
  Json to_json() const override;

 private:
  bool lowercase_;
  Vocabulary vocabulary_;
};

}  // namespace difflm
