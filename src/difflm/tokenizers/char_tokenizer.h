// One token per code point.
//
// normalise(s) = s as valid UTF-8, composed (NFC), so that an accented letter is one token.
#pragma once

#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "difflm/tokenizers/tokenizer.h"
#include "difflm/tokenizers/vocabulary.h"

namespace difflm {

class CharTokenizer : public Tokenizer {
 public:
  struct Options {
    int64_t min_count = 1;

    void describe(OptionVisitor& visitor) {
      visitor.field("min_count", min_count, "characters seen less often become <unk>", {1, 1e9});
    }
  };

  CharTokenizer(const Options& options, const TokenizerSource& source)
      : vocabulary_(source.saved != nullptr ? Vocabulary(source.saved->at("characters")) : learn(options, *source.texts)) {}

  std::string kind() const override { return "char"; }
  Token size() const override { return vocabulary_.size(); }

  std::vector<Token> encode(std::string_view text) const override {
    std::vector<Token> tokens;
    for_each_character(normalise(text), [&](std::string_view character) { tokens.push_back(vocabulary_.find(character)); });
    return tokens;
  }

  std::string decode(std::span<const Token> tokens) const override {
    std::string text;
    for (const Token token : tokens) {
      if (token != kStart && token != kEnd && token != kPad) text += vocabulary_.piece(token);
    }
    return text;
  }

  std::string normalise(std::string_view text) const override { return compose(to_valid_utf8(text)); }
  std::string piece(Token token) const override { return vocabulary_.piece(token); }
  std::string bytes(Token token) const override {
    return token == kStart || token == kEnd || token == kPad ? "" : vocabulary_.piece(token);
  }
  int64_t source_id(Token) const override { return -1; }

  Json to_json() const override { return {{"kind", kind()}, {"characters", vocabulary_.pieces()}}; }

 private:
  static void for_each_character(std::string_view text, const auto& visit) {
    for (size_t i = 0; i < text.size();) {
      const size_t length = code_point_at(text, i).length;
      visit(text.substr(i, length));
      i += length;
    }
  }

  static Vocabulary learn(const Options& options, const TextSource& texts) {
    PieceCounter counter;
    texts([&](std::string_view text) {
      for_each_character(compose(to_valid_utf8(text)), [&](std::string_view character) { counter.add(character); });
    });
    return Vocabulary(counter.ranked(options.min_count));
  }

  Vocabulary vocabulary_;
};

}  // namespace difflm
