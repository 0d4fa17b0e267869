#include "difflm/tokenizers/bpe_tokenizer.h"

#include <unordered_map>

#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "difflm/tokenizers/vocabulary.h"

namespace difflm {
namespace {

std::vector<BpePair> learn_byte_merges(const BpeTokenizer::Options& options, const TextSource& texts) {
  std::vector<BpeChunk> chunks;
  std::unordered_map<std::string, size_t, TextHash, std::equal_to<>> index;  // keeps the chunks' text
  texts([&](std::string_view text) {
    for_each_chunk(to_valid_utf8(text), [&](std::string_view chunk) {
      auto slot = index.find(chunk);
      if (slot == index.end()) {
        slot = index.emplace(chunk, chunks.size()).first;
        chunks.push_back({slot->first, 0});
      }
      ++chunks[slot->second].count;
    });
  });
  return learn_merges(chunks, static_cast<size_t>(options.vocab_size - kSpecialTokens - 256), options.min_count);
}

}  // namespace

BpeTokenizer::BpeTokenizer(const Options& options, const TokenizerSource& source)
    : merges_(source.saved != nullptr ? source.saved->at("merges").get<std::vector<BpePair>>()
                                      : learn_byte_merges(options, *source.texts)) {
  for (int byte = 0; byte < kBytes; ++byte) bytes_.emplace_back(1, static_cast<char>(byte));
  for (const auto& [left, right] : merges_.pairs())
    bytes_.push_back(bytes_[static_cast<size_t>(left)] + bytes_[static_cast<size_t>(right)]);
}

void BpeTokenizer::encode_chunk(std::string_view chunk, std::vector<Token>& tokens) const {
  std::vector<BpeSymbol> symbols;
  for (const char byte : chunk) symbols.push_back(static_cast<unsigned char>(byte));
  merges_.apply(symbols);
  for (const BpeSymbol symbol : symbols) tokens.push_back(kSpecialTokens + symbol);
}

std::vector<Token> BpeTokenizer::encode(std::string_view text) const {
  const std::string valid = to_valid_utf8(text);
  std::vector<Token> tokens;
  std::unordered_map<std::string_view, std::pair<size_t, size_t>> seen;  // chunk -> its tokens' place in `tokens`
  for_each_chunk(valid, [&](std::string_view chunk) {
    const auto [slot, fresh] = seen.emplace(chunk, std::pair(tokens.size(), size_t{0}));
    auto& [start, end] = slot->second;
    if (fresh) {
      encode_chunk(chunk, tokens);
      end = tokens.size();
    } else {
      for (size_t i = start; i < end; ++i) tokens.push_back(Token{tokens[i]});
    }
  });
  return tokens;
}

std::string BpeTokenizer::decode(std::span<const Token> tokens) const {
  std::string text;
  for (const Token token : tokens) text += bytes(token);
  return to_valid_utf8(text);
}

std::string BpeTokenizer::normalise(std::string_view text) const { return to_valid_utf8(text); }

std::string BpeTokenizer::bytes(Token token) const {
  check_token(token, size());
  if (token < kSpecialTokens) return token == kUnknown ? special_piece(token) : "";
  return bytes_[static_cast<size_t>(token - kSpecialTokens)];
}

std::string BpeTokenizer::piece(Token token) const {
  check_token(token, size());
  return token < kSpecialTokens ? special_piece(token) : listed(bytes_[static_cast<size_t>(token - kSpecialTokens)]);
}

Json BpeTokenizer::to_json() const { return {{"kind", kind()}, {"merges", merges_.pairs()}}; }

}  // namespace difflm
