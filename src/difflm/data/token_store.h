// Token shards on disk: documents as token ids, each closed by END, in uint16 (uint32 for large vocabularies).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "difflm/core/pending_file.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

using TokenDocuments = std::vector<std::vector<Token>>;

// Bytes per id: 2 for up to 65,536 ids, 4 for more.
int64_t token_width(Token vocabulary);

// Writes a file document by document.
class TokenWriter {
 public:
  TokenWriter(const std::string& path, Token vocabulary);

  void add(std::span<const Token> document);

  // Puts the file in its place; without it nothing is left.
  void commit() { file_.commit(); }

 private:
  PendingFile file_;
  size_t width_;  // bytes per id
  std::string bytes_;
};

void write_tokens(const std::string& path, const TokenDocuments& documents, Token vocabulary);

// Throws a failure when the size is not a multiple of the width, the last document is not closed, or an id is outside the
// vocabulary.
TokenDocuments read_tokens(const std::string& path, Token vocabulary);

}  // namespace difflm
