// The SentencePiece library, loaded when it is first used, isolated from every other library of the process.
//
// Debian's libsentencepiece has protobuf-lite built in and exports its symbols; LibTorch brings libprotobuf, of another version.
// Where both are linked into one program, the loader binds the calls of one to the other's functions, and the process dies before
// main. So only a module (sentencepiece/module.cpp) links SentencePiece. It is loaded with RTLD_LOCAL, so that no other library
// sees its symbols, and RTLD_DEEPBIND, so that it finds its own before Torch's. A run without SentencePiece does not load it.
#pragma once

#include <string>

#include "difflm/tokenizers/sentencepiece/interface.h"

namespace difflm {

// The module beside the file that holds this code (libdifflm, or a program linked with its objects), else one on the dynamic
// loader's search path. Loaded on the first call and kept until the process ends. Throws a failure when it is missing or does
// not fit; the next call then tries again.
const SentencePieceModule& sentencepiece_library();

// The module in the file `path`; one without a slash is searched for by the dynamic loader. Throws a failure that names it.
const SentencePieceModule& load_sentencepiece_module(const std::string& path);

// A sink that replaces `text`, which must outlive it.
inline ModuleTextSink into(std::string& text) {
  return {&text,
          [](void* context, ModuleText given) noexcept { static_cast<std::string*>(context)->assign(given.data, given.size); }};
}

}  // namespace difflm
