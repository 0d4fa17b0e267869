#include "difflm/tokenizers/bpe_tokenizer.h"

#include <fmt/format.h>

#include <limits>

#include "difflm/core/error.h"
#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "difflm/tokenizers/vocabulary.h"

namespace difflm {
namespace {

uint64_t pair_key(BpeSymbol left, BpeSymbol right) { return static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right); }

std::vector<BpePair> learn(const BpeTokenizer::Options& options, const std::vector<std::string>& texts) {
  std::vector<BpeChunk> chunks;
  std::vector<std::string> valid;  // keeps the chunks' text alive
  valid.reserve(texts.size());
  std::unordered_map<std::string_view, size_t> index;
  for (const auto& text : texts) {
    valid.push_back(to_valid_utf8(text));
    for_each_chunk(valid.back(), [&](std::string_view chunk) {
      const auto [slot, fresh] = index.emplace(chunk, chunks.size());
      if (fresh) chunks.push_back({chunk, 0});
      ++chunks[slot->second].count;
    });
  }
  return learn_merges(chunks, static_cast<size_t>(options.vocab_size - kSpecialTokens - 256), options.min_count);
}

}  // namespace

BpeTokenizer::BpeTokenizer(const Options& options, const TokenizerSource& source)
    : merges_(source.saved != nullptr ? source.saved->at("merges").get<std::vector<BpePair>>() : learn(options, *source.texts)) {
  for (int byte = 0; byte < 256; ++byte) bytes_.emplace_back(1, static_cast<char>(byte));
  for (const auto& [left, right] : merges_) {
    const auto known = static_cast<BpeSymbol>(bytes_.size());
    if (left < 0 || left >= known || right < 0 || right >= known) {
      throw failure("tokenizer",
                    fmt::format("merge {} joins {} and {}, expected symbols below {}", known - 256, left, right, known));
    }
    if (!ranks_.emplace(pair_key(left, right), known).second) {
      throw failure("tokenizer", fmt::format("merge {} repeats an earlier one", known - 256));
    }
    bytes_.push_back(bytes_[static_cast<size_t>(left)] + bytes_[static_cast<size_t>(right)]);
  }
}

void BpeTokenizer::encode_chunk(std::string_view chunk, std::vector<Token>& tokens) const {
  std::vector<BpeSymbol> symbols;
  for (const char byte : chunk) symbols.push_back(static_cast<unsigned char>(byte));
  while (symbols.size() > 1) {
    BpeSymbol best = std::numeric_limits<BpeSymbol>::max();  // earlier merges have smaller symbols
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const auto found = ranks_.find(pair_key(symbols[i], symbols[i + 1]));
      if (found != ranks_.end()) best = std::min(best, found->second);
    }
    if (best == std::numeric_limits<BpeSymbol>::max()) break;
    const auto [left, right] = merges_[static_cast<size_t>(best - 256)];
    size_t out = 0;
    for (size_t i = 0; i < symbols.size(); ++i) {
      const bool here = i + 1 < symbols.size() && symbols[i] == left && symbols[i + 1] == right;
      symbols[out++] = here ? best : symbols[i];
      if (here) ++i;
    }
    symbols.resize(out);
  }
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
  for (const Token token : tokens) {
    check_token(token, size());
    if (token >= kSpecialTokens) {
      text += bytes_[static_cast<size_t>(token - kSpecialTokens)];
    } else if (token == kUnknown) {
      text += special_piece(token);
    }
  }
  return to_valid_utf8(text);
}

std::string BpeTokenizer::normalise(std::string_view text) const { return to_valid_utf8(text); }

std::string BpeTokenizer::piece(Token token) const {
  check_token(token, size());
  if (token < kSpecialTokens) return special_piece(token);
  const std::string& bytes = bytes_[static_cast<size_t>(token - kSpecialTokens)];
  if (is_valid_utf8(bytes)) return bytes;
  std::string listing;
  for (const char byte : bytes) listing += fmt::format("<0x{:02X}>", static_cast<unsigned char>(byte));
  return listing;
}

Json BpeTokenizer::to_json() const { return {{"kind", kind()}, {"merges", merges_}}; }

}  // namespace difflm
