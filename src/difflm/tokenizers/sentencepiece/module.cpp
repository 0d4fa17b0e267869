// The SentencePiece module: the only file that includes and links SentencePiece. interface.h is its contract; it is loaded by
// sentencepiece_library.cpp, whose header says why it is separate.
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "difflm/tokenizers/sentencepiece/interface.h"

namespace difflm {

struct ModuleProcessor {
  ::sentencepiece::SentencePieceProcessor library;
};

namespace {

using ::sentencepiece::util::Status;

std::string_view view(ModuleText text) { return {text.data, text.size}; }
void give(const ModuleTextSink& sink, std::string_view text) noexcept { sink.take(sink.context, {text.data(), text.size()}); }

// Whether `work` returned an OK status; otherwise, also where it throws, `error` gets the reason.
template <typename Work>
bool guarded(const ModuleTextSink& error, Work work) noexcept {
  try {
    const Status status = work();
    if (status.ok()) return true;
    give(error, status.ToString());
  } catch (const std::exception& thrown) {
    give(error, thrown.what());
  } catch (...) {
    give(error, "an exception without a message");
  }
  return false;
}

ModuleProcessor* load(ModuleText model, ModuleModelFacts* facts, ModuleTextSink error) noexcept {
  std::unique_ptr<ModuleProcessor> processor;
  const bool loaded = guarded(error, [&] {
    processor = std::make_unique<ModuleProcessor>();
    auto& library = processor->library;
    const Status status = library.LoadFromSerializedProto(view(model));
    if (status.ok()) *facts = {library.GetPieceSize(), library.bos_id(), library.eos_id(), library.unk_id(), library.pad_id()};
    return status;
  });
  return loaded ? processor.release() : nullptr;
}

void release(ModuleProcessor* processor) noexcept { const std::unique_ptr<ModuleProcessor> owner(processor); }

ModuleText piece(const ModuleProcessor* processor, int id) noexcept {
  const std::string& text = processor->library.IdToPiece(id);
  return {text.data(), text.size()};
}

PieceKind kind(const ModuleProcessor* processor, int id) noexcept {
  if (processor->library.IsControl(id)) return PieceKind::control;
  if (processor->library.IsUnknown(id)) return PieceKind::unknown;
  if (processor->library.IsUnused(id)) return PieceKind::unused;
  return processor->library.IsByte(id) ? PieceKind::byte : PieceKind::text;
}

bool encode(const ModuleProcessor* processor, ModuleText text, ModulePieceSink pieces, ModuleTextSink error) noexcept {
  return guarded(error, [&] {
    ::sentencepiece::ImmutableSentencePieceText result;
    const Status status = processor->library.Encode(view(text), result.mutable_proto());
    if (!status.ok()) return status;
    for (size_t i = 0; i < result.pieces_size(); ++i) {
      const auto one = result.pieces(static_cast<int>(i));
      pieces.take(pieces.context, static_cast<int>(one.id()), {one.piece().data(), one.piece().size()});
    }
    return status;
  });
}

class Sentences : public ::sentencepiece::SentenceIterator {
 public:
  Sentences(const ModuleText* texts, size_t count) : texts_(texts), count_(count) { read(); }
  bool done() const override { return at_ >= count_; }
  void Next() override {
    ++at_;
    read();
  }
  const std::string& value() const override { return current_; }
  Status status() const override { return {}; }

 private:
  void read() {
    if (!done()) current_ = view(texts_[at_]);
  }

  const ModuleText* texts_;
  size_t count_;
  size_t at_ = 0;
  std::string current_;
};

bool train(const ModuleSetting* settings, size_t setting_count, const ModuleText* texts, size_t text_count, ModuleTextSink model,
           ModuleTextSink error) noexcept {
  return guarded(error, [&] {
    std::unordered_map<std::string, std::string> map;
    for (size_t i = 0; i < setting_count; ++i) map.emplace(view(settings[i].name), view(settings[i].value));
    Sentences sentences(texts, text_count);
    std::string result;
    const Status status = ::sentencepiece::SentencePieceTrainer::Train(map, &sentences, &result);
    if (status.ok()) give(model, result);
    return status;
  });
}

}  // namespace
}  // namespace difflm

// Named by kSentencePieceSymbol.
extern "C" __attribute__((visibility("default"))) const difflm::SentencePieceModule* difflm_sentencepiece_1() {
  static constexpr difflm::SentencePieceModule kModule = {difflm::load, difflm::release, difflm::piece,
                                                          difflm::kind, difflm::encode,  difflm::train};
  return &kModule;
}
