#include "difflm/tokenizers/sentencepiece_processor.h"

#include "difflm/core/error.h"
#include "difflm/tokenizers/sentencepiece_library.h"

namespace difflm {

void SentencePieceProcessor::Release::operator()(ModuleProcessor* processor) const { sentencepiece_library().release(processor); }

SentencePieceProcessor::SentencePieceProcessor(std::string_view model, const std::string& where) {
  std::string error;
  processor_.reset(sentencepiece_library().load({model.data(), model.size()}, &facts_, into(error)));
  if (processor_ == nullptr || facts_.size == 0) {
    throw usage_error(where, "is not a SentencePiece model, expected a .model file", error);
  }
}

std::string SentencePieceProcessor::piece(int id) const {
  const ModuleText text = sentencepiece_library().piece(processor_.get(), id);
  return {text.data, text.size};
}

PieceKind SentencePieceProcessor::kind(int id) const { return sentencepiece_library().kind(processor_.get(), id); }

std::string SentencePieceProcessor::piece_text(int id) const {
  std::string text = piece(id);
  if (kind(id) != PieceKind::byte) return text;
  return {static_cast<char>(std::stoi(text.substr(3, 2), nullptr, 16))};  // of "<0x0A>"
}

template <typename Take>
void SentencePieceProcessor::cut(std::string_view text, Take take) const {
  const ModulePieceSink pieces = {&take, [](void* context, int id, ModuleText piece) noexcept {
                                    (*static_cast<Take*>(context))(id, {piece.data, piece.size});
                                  }};
  std::string error;
  if (!sentencepiece_library().encode(processor_.get(), {text.data(), text.size()}, pieces, into(error))) {
    throw failure("SentencePiece", error);
  }
}

std::vector<int> SentencePieceProcessor::encode(std::string_view text) const {
  std::vector<int> ids;
  cut(text, [&](int id, std::string_view) { ids.push_back(id); });
  return ids;
}

std::string SentencePieceProcessor::normalise(std::string_view text) const {
  std::string result;
  cut(text, [&](int id, std::string_view piece) {
    if (kind(id) == PieceKind::byte) {
      result += piece_text(id);
    } else {
      result += piece;
    }
  });
  return result;
}

}  // namespace difflm
