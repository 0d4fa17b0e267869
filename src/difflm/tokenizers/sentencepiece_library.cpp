#include "difflm/tokenizers/sentencepiece_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/own_file.h"

namespace difflm {
namespace {

constexpr const char* kFileName = "libdifflm_sentencepiece.so";

// The sanitizers that replace malloc refuse RTLD_DEEPBIND. Without it SentencePiece works only where no other protobuf is loaded.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kLoading = RTLD_NOW | RTLD_LOCAL;
#else
constexpr int kLoading = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

std::string module_path() {
  std::error_code unreadable;
  const auto beside = own_file().parent_path() / kFileName;
  return std::filesystem::exists(beside, unreadable) ? beside.string() : kFileName;
}

}  // namespace

const SentencePieceModule& load_sentencepiece_module(const std::string& path) {
  const auto hint = [] {
    return fmt::format("the module belongs beside {}; build or install difflm completely", own_file().string());
  };
  void* library = dlopen(path.c_str(), kLoading);
  if (library == nullptr) {
    const char* reason = dlerror();
    throw failure("SentencePiece", fmt::format("cannot load {}: {}", path, reason == nullptr ? "unknown reason" : reason), hint());
  }
  using Entry = const SentencePieceModule* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(library, kSentencePieceSymbol));
  if (entry == nullptr) {
    dlclose(library);
    throw failure("SentencePiece",
                  fmt::format("{} is not the module of this difflm, expected {} in it", path, kSentencePieceSymbol), hint());
  }
  return *entry();
}

const SentencePieceModule& sentencepiece_library() {
  static const SentencePieceModule& module = load_sentencepiece_module(module_path());
  return module;
}

}  // namespace difflm
