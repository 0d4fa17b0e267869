#include "difflm/evaluation/model/text_bytes.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/error.h"

namespace difflm {
namespace {

std::string difference(const Tokenizer& tokenizer, const TokenDocuments& tokens, const std::vector<Document>& documents) {
  size_t unknown = 0;
  size_t changed = 0;
  for (size_t i = 0; i < documents.size(); ++i) {
    if (std::find(tokens[i].begin(), tokens[i].end(), kUnknown) != tokens[i].end()) {
      ++unknown;
    } else if (tokenizer.decode(tokens[i]) != documents[i].text) {
      ++changed;
    }
  }
  if (unknown > 0) return fmt::format("{} of {} held-out texts have unknown words", unknown, documents.size());
  if (changed > 0) {
    return fmt::format("the tokenizer '{}' gives {} of {} held-out texts back otherwise than they were written", tokenizer.kind(),
                       changed, documents.size());
  }
  return "";
}

}  // namespace

TextBytes text_bytes(const Run& run, const PreparedData& data, const std::vector<Batch>& batches) {
  const auto documents = read_prepared_documents(data.folder, Side::validation);
  TextBytes bytes;
  if (documents.size() != data.validation.size()) {
    throw failure(data.folder,
                  fmt::format("holds {} held-out texts and the tokens of {}", documents.size(), data.validation.size()));
  }
  bytes.differ = difference(*run.tokenizer, data.validation, documents);
  double all_bytes = 0;
  double all_tokens = 0;
  for (size_t i = 0; i < documents.size(); ++i) {
    all_bytes += static_cast<double>(documents[i].text.size());
    all_tokens += static_cast<double>(data.validation[i].size() + 1);  // with the END between two texts
  }
  for (const auto& batch : batches) {
    const Tensor rows = batch.tokens.contiguous();
    for (int64_t row = 0; row < rows.size(0); ++row) {
      const auto* begin = rows[row].data_ptr<int64_t>();
      const std::vector<Token> sequence(begin, begin + rows.size(1));
      const auto own = run.packing->unpack(sequence);
      const auto decoded = static_cast<double>(run.tokenizer->decode(own).size());
      bytes.decoded += decoded;
      const int64_t document = batch.documents.at(static_cast<size_t>(row));
      if (document == kNoDocument) {
        bytes.original += static_cast<double>(sequence.size()) * all_bytes / all_tokens;
      } else {
        const auto at = static_cast<size_t>(document);
        bytes.original += own == data.validation[at] ? static_cast<double>(documents[at].text.size()) : decoded;  // a part of it
      }
    }
  }
  return bytes;
}

}  // namespace difflm
