// SentencePiece (Kudo and Richardson 2018): a .model as Gemma or T5 ship it, or one trained on the corpus.
//
// With `trim` the vocabulary is the pieces that occur in the corpus, most frequent first, so that 256,000 pieces shrink to those in
// use; the others are marked unused inside the model, so that no text is cut into them any more. Byte pieces and the space
// are always kept: with byte fallback in the model no text is unknown.
//
// normalise(s) = s as valid UTF-8, put through the model's own normaliser, U+2581 as space. Models trained here change nothing
// else; a .model that is read may also fold compatibility characters (NFKC) or trim spaces. A denormaliser is not applied.
#pragma once

#include "difflm/tokenizers/sentencepiece_model.h"
#include "difflm/tokenizers/sentencepiece_processor.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

class SentencePieceTokenizer : public Tokenizer {
 public:
  struct Options {
    std::string model;
    std::string model_type = "unigram";
    int64_t vocab_size = 2048;
    bool trim = true;

    void describe(OptionVisitor& visitor) {
      visitor.field("model", model, "a .model file to read; empty: train on the corpus");
      visitor.choice("model_type", model_type, "type of the model to train", {"unigram", "bpe"});
      visitor.field("vocab_size", vocab_size, "pieces to train, 256 bytes included; fewer when the corpus is small",
                    {300, 1 << 20});
      visitor.field("trim", trim, "keep only the pieces that occur in the corpus");
    }
  };

  SentencePieceTokenizer(const Options& options, const TokenizerSource& source);

  std::string kind() const override { return "sentencepiece"; }
  Token size() const override { return kSpecialTokens + static_cast<Token>(ids_.size()); }
  std::vector<Token> encode(std::string_view text) const override;
  std::string decode(std::span<const Token> tokens) const override;
  std::string normalise(std::string_view text) const override;

  // As SentencePiece lists it: a space is U+2581, a byte "<0x0A>".
  std::string piece(Token token) const override;
  std::string bytes(Token token) const override;

  // The SentencePiece id: the row of a pre-trained embedding matrix; for our special tokens that of its own <s>, </s>, <unk>,
  // <pad>, -1 where it has none.
  int64_t source_id(Token token) const override;

  // The model itself is inside, as base64, so that a run folder is complete.
  Json to_json() const override;

 private:
  void load(const std::string& where);
  void index();
  std::vector<bool> kept_pieces(const std::vector<int64_t>& counts) const;
  std::string finish(std::string text) const;
  void spell(int id, std::vector<Token>& tokens) const;

  std::string model_;  // serialised ModelProto
  SentencePieceProcessor processor_;
  SentencePieceRules rules_;
  std::vector<int> ids_;            // of token kSpecialTokens + i
  std::vector<Token> tokens_;       // of SentencePiece id i, kUnknown where it is not in the vocabulary
  std::vector<Token> byte_tokens_;  // 256, or empty without byte fallback
};

}  // namespace difflm
