#include "difflm/data/token_store.h"

#include <fmt/format.h>

#include <cstring>

#include "difflm/core/error.h"
#include "difflm/core/files.h"

namespace difflm {

int64_t token_width(Token vocabulary) { return vocabulary <= 0x10000 ? 2 : 4; }

TokenWriter::TokenWriter(const std::string& path, Token vocabulary)
    : file_(path), width_(static_cast<size_t>(token_width(vocabulary))) {}

void TokenWriter::add(std::span<const Token> document) {
  bytes_.clear();
  const auto append = [&](Token token) {
    const auto value = static_cast<uint32_t>(token);
    for (size_t byte = 0; byte < width_; ++byte) bytes_ += static_cast<char>((value >> (8 * byte)) & 0xff);
  };
  for (const Token token : document) append(token);
  append(kEnd);
  file_.write(bytes_);
}

void write_tokens(const std::string& path, const TokenDocuments& documents, Token vocabulary) {
  TokenWriter writer(path, vocabulary);
  for (const auto& document : documents) writer.add(document);
  writer.commit();
}

TokenDocuments read_tokens(const std::string& path, Token vocabulary) {
  const std::string bytes = read_text_file(path);
  const auto width = static_cast<size_t>(token_width(vocabulary));
  if (bytes.size() % width != 0) throw failure(path, fmt::format("{} bytes are not a multiple of {}", bytes.size(), width));
  TokenDocuments documents;
  std::vector<Token> document;
  for (size_t at = 0; at < bytes.size(); at += width) {
    uint32_t value = 0;
    for (size_t byte = 0; byte < width; ++byte)
      value |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + byte])) << (8 * byte);
    if (value >= static_cast<uint32_t>(vocabulary)) {
      throw failure(path, fmt::format("token {} at byte {} lies outside the vocabulary of {}", value, at, vocabulary),
                    "prepare the corpus again");
    }
    if (value == static_cast<uint32_t>(kEnd)) {
      documents.push_back(std::move(document));
      document.clear();
    } else {
      document.push_back(static_cast<Token>(value));
    }
  }
  if (!document.empty()) throw failure(path, "the last document is not closed by END", "prepare the corpus again");
  return documents;
}

}  // namespace difflm
