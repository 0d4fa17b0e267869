#include "difflm/data/split.h"

#include <fmt/format.h>

#include <unordered_set>

#include "difflm/core/error.h"
#include "difflm/core/random.h"

namespace difflm {
namespace {

// The start of the next line after `position`, or the end of the text.
size_t next_line(const std::string& text, size_t position) {
  const size_t newline = text.find('\n', position);
  return newline == std::string::npos ? text.size() : newline + 1;
}

Split cut_stream(Document document, double share) {
  const auto wanted = static_cast<size_t>(static_cast<double>(document.text.size()) * (1 - share));
  const size_t cut = next_line(document.text, wanted);
  Split split;
  Document tail = document;
  tail.text = document.text.substr(cut);
  document.text.resize(cut);
  if (tail.text.empty() || document.text.empty()) {
    throw usage_error("data.validation", "a single document without line breaks cannot be split", "break the text into lines");
  }
  split.training.push_back(std::move(document));
  split.validation.push_back(std::move(tail));
  return split;
}

}  // namespace

Split split_documents(std::vector<Document> documents, double share, uint64_t seed) {
  if (documents.size() == 1) return cut_stream(std::move(documents.front()), share);
  Split split;
  std::unordered_set<std::string> seen;
  for (auto& document : documents) {
    const uint64_t hash = scatter(hash_text(document.text) ^ scatter(seed));
    const bool validation = static_cast<double>(hash >> 11) * 0x1.0p-53 < share;
    const bool fresh = seen.insert(document.text).second;
    split.duplicates += fresh ? 0 : 1;
    split.duplicates_kept_apart += !fresh && validation ? 1 : 0;
    (validation ? split.validation : split.training).push_back(std::move(document));
  }
  if (split.training.empty() || split.validation.empty()) {
    throw usage_error("data.validation",
                      fmt::format("{} documents split into {} for training and {} for validation, expected at least one each",
                                  split.training.size() + split.validation.size(), split.training.size(), split.validation.size()),
                      "use a larger corpus, another data.validation share, or data.txt.mode=stream for one long text");
  }
  return split;
}

}  // namespace difflm
