// Tokenizers: text <-> token ids. A family; see tokenizers() in tokenizer.cpp for the list.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/json_fwd.h"

namespace difflm {

using Token = int32_t;

// The first ids of every vocabulary, in Diffusion-LM's order.
inline constexpr Token kStart = 0;
inline constexpr Token kEnd = 1;
inline constexpr Token kUnknown = 2;
inline constexpr Token kPad = 3;
inline constexpr Token kSpecialTokens = 4;

// A word as its tokens, and how often it occurs in the texts the tokenizer was trained on.
struct KnownWord {
  std::vector<Token> tokens;
  int64_t count = 1;
};

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  virtual std::string kind() const = 0;  // the variant's name
  virtual Token size() const = 0;        // ids are 0 .. size()-1, the special tokens included

  // Ids of a text without START and END; what has no id becomes kUnknown (tokenizers with byte fallback never need it).
  virtual std::vector<Token> encode(std::string_view text) const = 0;

  // Text of ids; START, END and PAD are left out, kUnknown is written as its piece.
  virtual std::string decode(std::span<const Token> tokens) const = 0;

  // The text that `decode(encode(text))` gives when no token of it is unknown: each variant's header states the rule.
  virtual std::string normalise(std::string_view text) const = 0;

  // The piece of text of one id, as in a vocabulary listing; special tokens are "<start>", "<end>", "<unk>", "<pad>".
  virtual std::string piece(Token token) const = 0;

  // The bytes of one id: the text that `decode` begins with is those of all ids, one after another. A word of the word tokenizer
  // ends in a space, which no word holds. Empty for START, END and PAD.
  virtual std::string bytes(Token token) const = 0;

  // The id in the vocabulary this one was cut from (SentencePiece ids, for rows of pre-trained embeddings), -1 where there is none.
  virtual int64_t source_id(Token token) const = 0;

  // The words of the texts it was trained on, for tokenizers that spell rare words by pieces and keep a list of them; else empty.
  // The count of a word that is a single token is not kept: it is 1.
  virtual std::vector<KnownWord> known_words() const { return {}; }

  // All that `load_tokenizer` needs, with "kind" first.
  virtual Json to_json() const = 0;
};

// Texts that are visited one after another, as often as needed: a corpus need not be in memory to train a tokenizer on it. A text
// is valid during its visit only.
using TextVisitor = std::function<void(std::string_view text)>;
using TextSource = std::function<void(const TextVisitor& visit)>;

// What a tokenizer is made from: texts to train on, or the saved form.
struct TokenizerSource {
  const TextSource* texts = nullptr;
  const Json* saved = nullptr;
};

using TokenizerFamily = Family<Tokenizer, const TokenizerSource&>;
const TokenizerFamily& tokenizers();  // data.tokenizer: spaced | word | char | bpe | sentencepiece

std::unique_ptr<Tokenizer> train_tokenizer(const std::string& kind, const Config& config, const TextSource& texts);
std::unique_ptr<Tokenizer> train_tokenizer(const std::string& kind, const Config& config, const std::vector<std::string>& texts);

// Throws a failure naming `where` where the JSON is not a tokenizer of difflm.
std::unique_ptr<Tokenizer> load_tokenizer(const Json& saved, const std::string& where);

// Whether both have the same tokens in the same order.
bool same_vocabulary(const Tokenizer& a, const Tokenizer& b);

}  // namespace difflm
