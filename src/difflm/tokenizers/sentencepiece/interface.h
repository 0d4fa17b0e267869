// The C interface between difflm and its SentencePiece module (module.cpp), a separate shared object.
//
// Strings cross it as pointer and length, results through a callback that copies; no memory is freed on the other side, and
// no exception crosses. The one exported symbol carries a number, raised with every change here, so that a module of another
// version is not found, rather than misread.
#pragma once

#include <cstddef>

namespace difflm {

inline constexpr const char* kSentencePieceSymbol = "difflm_sentencepiece_1";

// Valid during the call, or as long as stated.
struct ModuleText {
  const char* data;
  size_t size;
};

struct ModuleTextSink {
  void* context;
  void (*take)(void* context, ModuleText text) noexcept;
};

// `piece` as SentencePiece lists it; that of an unknown id is the text it replaces.
struct ModulePieceSink {
  void* context;
  void (*take)(void* context, int id, ModuleText piece) noexcept;
};

struct ModuleSetting {
  ModuleText name;
  ModuleText value;
};

// Of a loaded model; -1 for a special id that it does not have.
struct ModuleModelFacts {
  int size;
  int start;
  int end;
  int unknown;
  int pad;
};

enum class PieceKind : int { text, control, unknown, unused, byte };

struct ModuleProcessor;

// A function that returns a bool or a pointer passes the reason to `error` before it returns false or null. Ids must be
// 0 to size-1.
struct SentencePieceModule {
  // Loads a serialised ModelProto. The result must be released.
  ModuleProcessor* (*load)(ModuleText model, ModuleModelFacts* facts, ModuleTextSink error) noexcept;
  void (*release)(ModuleProcessor* processor) noexcept;

  // Valid until the processor is released.
  ModuleText (*piece)(const ModuleProcessor* processor, int id) noexcept;
  PieceKind (*kind)(const ModuleProcessor* processor, int id) noexcept;

  bool (*encode)(const ModuleProcessor* processor, ModuleText text, ModulePieceSink pieces, ModuleTextSink error) noexcept;

  // Settings are those of spm_train. `model` gets the serialised ModelProto.
  bool (*train)(const ModuleSetting* settings, size_t setting_count, const ModuleText* texts, size_t text_count,
                ModuleTextSink model, ModuleTextSink error) noexcept;
};

}  // namespace difflm
