// Token shards on disk: documents as token ids, each closed by END, in uint16 (uint32 for large vocabularies).
#pragma once

#include <string>
#include <vector>

#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

using TokenDocuments = std::vector<std::vector<Token>>;

// Bytes per id: 2 below 65,536 ids, 4 above.
int64_t token_width(Token vocabulary);

void write_tokens(const std::string& path, const TokenDocuments& documents, Token vocabulary);

// Throws a failure when the size is odd, the last document is not closed, or an id lies outside the vocabulary.
TokenDocuments read_tokens(const std::string& path, Token vocabulary);

}  // namespace difflm
