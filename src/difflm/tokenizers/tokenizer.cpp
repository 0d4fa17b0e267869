#include "difflm/tokenizers/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/core/json.h"
#include "difflm/tokenizers/bpe_tokenizer.h"
#include "difflm/tokenizers/char_tokenizer.h"
#include "difflm/tokenizers/sentencepiece_tokenizer.h"
#include "difflm/tokenizers/spaced_tokenizer.h"
#include "difflm/tokenizers/word_tokenizer.h"

namespace difflm {

const TokenizerFamily& tokenizers() {
  static const TokenizerFamily family(
      "data.tokenizer", "how text becomes tokens",
      {
          variant<TokenizerFamily, SpacedTokenizer>("spaced", "words with the space before them, pieces for rare words; lossless"),
          variant<TokenizerFamily, WordTokenizer>("word", "one token per word, rare words become <unk>"),
          variant<TokenizerFamily, CharTokenizer>("char", "one token per character"),
          variant<TokenizerFamily, BpeTokenizer>("bpe", "byte-level byte-pair encoding, trained on the corpus"),
          variant<TokenizerFamily, SentencePieceTokenizer>("sentencepiece",
                                                           "a SentencePiece .model, read or trained on the corpus"),
      });
  return family;
}

std::unique_ptr<Tokenizer> train_tokenizer(const std::string& kind, const Config& config, const TextSource& texts) {
  return tokenizers().make(kind, config, {.texts = &texts});
}

std::unique_ptr<Tokenizer> train_tokenizer(const std::string& kind, const Config& config, const std::vector<std::string>& texts) {
  return train_tokenizer(kind, config, [&](const TextVisitor& visit) { std::for_each(texts.begin(), texts.end(), visit); });
}

std::unique_ptr<Tokenizer> load_tokenizer(const Json& saved, const std::string& where) {
  if (!saved.is_object() || !saved.contains("kind") || !saved["kind"].is_string()) {
    throw failure(where, "is not a tokenizer of difflm, expected a JSON object with \"kind\"");
  }
  try {
    return tokenizers().make(saved["kind"].get<std::string>(), Config(), {.saved = &saved});
  } catch (const Json::exception& error) {
    const std::string what = error.what();  // "[json.exception.type_error.302] type must be ..."
    throw failure(where, fmt::format("is a damaged tokenizer: {}", what.substr(what.find("] ") + 2)));
  } catch (const Error& error) {
    throw failure(where, fmt::format("is a damaged tokenizer: {}", error.what()));
  }
}

bool same_vocabulary(const Tokenizer& a, const Tokenizer& b) {
  bool same = a.size() == b.size();
  for (Token token = 0; same && token < a.size(); ++token) same = a.piece(token) == b.piece(token);
  return same;
}

}  // namespace difflm
