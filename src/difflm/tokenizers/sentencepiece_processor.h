// A loaded SentencePiece model: text to pieces, and what each piece is. Thread-safe once loaded.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "difflm/tokenizers/sentencepiece/interface.h"

namespace difflm {

class SentencePieceProcessor {
 public:
  // Without a model: size() is 0, and nothing else may be called.
  SentencePieceProcessor() = default;

  // `model` is a serialised ModelProto. Throws a usage error naming `where` if it is not a model, a failure if the library is
  // missing.
  SentencePieceProcessor(std::string_view model, const std::string& where);

  int size() const { return facts_.size; }

  // As SentencePiece lists it; `id` is 0 to size()-1, here and below.
  std::string piece(int id) const;
  PieceKind kind(int id) const;

  // The text a piece stands for, its spaces still escaped: a byte piece is that byte.
  std::string piece_text(int id) const;

  // The model's own <s>, </s>, <unk>, <pad>; -1 where it has none.
  int start_id() const { return facts_.start; }
  int end_id() const { return facts_.end; }
  int unknown_id() const { return facts_.unknown; }
  int pad_id() const { return facts_.pad; }

  // Of valid UTF-8. Throws a failure with the library's message.
  std::vector<int> encode(std::string_view text) const;

  // The text as the model's normaliser left it, its spaces still escaped: the pieces of `encode` one after another, with unknown
  // parts unchanged.
  std::string normalise(std::string_view text) const;

 private:
  // Calls take(id, piece) for each piece of `text`.
  template <typename Take>
  void cut(std::string_view text, Take take) const;

  struct Release {
    void operator()(ModuleProcessor* processor) const;
  };

  std::unique_ptr<ModuleProcessor, Release> processor_;
  ModuleModelFacts facts_ = {0, -1, -1, -1, -1};
};

}  // namespace difflm
