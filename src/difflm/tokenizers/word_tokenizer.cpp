#include "difflm/tokenizers/word_tokenizer.h"

#include <utf8proc.h>

#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

std::string lower(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  const std::string valid = to_valid_utf8(text);
  for (size_t i = 0; i < valid.size();) {
    const auto point = code_point_at(valid, i);
    append_code_point(result, utf8proc_tolower(point.value));
    i += point.length;
  }
  return result;
}

std::vector<std::string> words_of(std::string_view text, bool lowercase) {
  return lowercase ? split_words(lower(text)) : split_words(text);
}

Vocabulary learn(const WordTokenizer::Options& options, bool lowercase, const TextSource& texts) {
  PieceCounter counter;
  texts([&](std::string_view text) {
    for (const auto& word : words_of(text, lowercase)) counter.add(word);
  });
  auto words = counter.ranked(options.min_count);
  const auto most = static_cast<size_t>(std::max<int64_t>(0, options.max_size - kSpecialTokens));
  if (options.max_size > 0 && words.size() > most) words.resize(most);
  return Vocabulary(std::move(words));
}

}  // namespace

WordTokenizer::WordTokenizer(const Options& options, const TokenizerSource& source)
    : lowercase_(source.saved != nullptr ? source.saved->at("lowercase").get<bool>() : options.lowercase),
      vocabulary_(source.saved != nullptr ? Vocabulary(source.saved->at("words")) : learn(options, lowercase_, *source.texts)) {}

std::vector<Token> WordTokenizer::encode(std::string_view text) const {
  std::vector<Token> tokens;
  for (const auto& word : words_of(text, lowercase_)) tokens.push_back(vocabulary_.find(word));
  return tokens;
}

std::string WordTokenizer::decode(std::span<const Token> tokens) const {
  std::vector<std::string> words;
  words.reserve(tokens.size());
  for (const Token token : tokens) {
    if (token != kStart && token != kEnd && token != kPad) words.push_back(vocabulary_.piece(token));
  }
  return join_words(words);
}

std::string WordTokenizer::normalise(std::string_view text) const { return join_words(words_of(text, lowercase_)); }

Json WordTokenizer::to_json() const { return {{"kind", kind()}, {"lowercase", lowercase_}, {"words", vocabulary_.pieces()}}; }

}  // namespace difflm
