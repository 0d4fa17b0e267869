// Training a SentencePiece model on texts: identity normalisation, byte fallback, "\n" as a separate piece.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace difflm {

// The serialised ModelProto learned from `texts` (valid UTF-8), silently. `type` is unigram or bpe. Throws a usage error with the
// library's message where it refuses.
std::string train_sentencepiece(const std::vector<std::string>& texts, const std::string& type, int64_t vocab_size);

}  // namespace difflm
