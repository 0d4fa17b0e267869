#include "difflm/data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "difflm/core/error.h"
#include "difflm/core/random.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

// Where one may cut near `position`, better not inside a sentence: before the next line, else after the next end of a sentence,
// else before the next word, else before the next character. A line or sentence counts only as near as `reach`, so that the parts
// have about the sizes that were asked for.
size_t next_cut(std::string_view text, size_t position, size_t reach) {
  const auto fits = [&](size_t cut) { return cut > 0 && cut < text.size(); };
  const size_t newline = text.find('\n', position);
  if (newline != std::string::npos && fits(newline + 1) && newline <= reach) return newline + 1;
  for (size_t at = position; at + 1 < std::min(text.size(), reach); ++at) {
    const bool ends = text[at] == '.' || text[at] == '!' || text[at] == '?';
    if (ends && text[at + 1] == ' ' && fits(at + 2)) return at + 2;
  }
  for (const std::string_view end : {"\u3002", "\uFF01", "\uFF1F"}) {  // of scripts without spaces
    const size_t at = text.find(end, position);
    if (at != std::string::npos && at <= reach && fits(at + end.size())) return at + end.size();
  }
  if (newline != std::string::npos && fits(newline + 1)) return newline + 1;
  const size_t space = text.find(' ', position);
  if (space != std::string::npos && fits(space + 1) && space <= reach) return space + 1;
  size_t cut = std::max<size_t>(1, position);
  while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) ++cut;
  return cut;
}

}  // namespace

bool is_held_out(uint64_t hash, double share, uint64_t seed) {
  return static_cast<double>(scatter(hash ^ scatter(seed)) >> 11) * 0x1.0p-53 < share;
}

std::pair<Document, Document> cut_stream(Document document, double share) {
  const auto wanted = static_cast<size_t>(static_cast<double>(document.text.size()) * (1 - share));
  const size_t cut = next_cut(document.text, wanted, wanted + document.text.size() / 20 + 1);
  Document tail{document.text.substr(cut), document.attributes, document.tags, document.tree};
  document.text.resize(cut);
  if (is_blank(tail.text) || is_blank(document.text)) {
    throw usage_error("data.validation", fmt::format("the only text is too short to hold out {:.1f}% of it", 100 * share),
                      "use a longer text, or another data.validation");
  }
  return {std::move(document), std::move(tail)};
}

void for_each_part(Document&& document, size_t bytes, const std::function<void(Document&&)>& visit) {
  if (document.text.size() <= bytes || !document.tags.empty() || !document.tree.empty()) return visit(std::move(document));
  for (size_t at = 0; at < document.text.size();) {
    const std::string_view rest = std::string_view(document.text).substr(at, 2 * bytes);
    const size_t size = rest.size() <= bytes ? rest.size() : next_cut(rest, bytes, bytes + bytes / 20);
    visit({std::string(rest.substr(0, size)), document.attributes, {}, {}});
    at += size;
  }
}

void check_sides(size_t training, size_t validation) {
  if (training > 0 && validation > 0) return;
  throw usage_error("data.validation",
                    fmt::format("{} documents split into {} for training and {} for validation, expected at least one each",
                                training + validation, training, validation),
                    "use a larger corpus, another data.validation share, or data.txt.mode=stream for one long text");
}

Split split_documents(std::vector<Document> documents, double share, uint64_t seed) {
  Split split;
  if (documents.size() == 1) {
    auto [training, validation] = cut_stream(std::move(documents.front()), share);
    split.training.push_back(std::move(training));
    split.validation.push_back(std::move(validation));
    return split;
  }
  std::unordered_set<std::string> seen;
  for (auto& document : documents) {
    const bool validation = is_held_out(hash_text(document.text), share, seed);
    const bool fresh = seen.insert(document.text).second;
    split.duplicates += fresh ? 0 : 1;
    split.duplicates_kept_apart += !fresh && validation ? 1 : 0;
    (validation ? split.validation : split.training).push_back(std::move(document));
  }
  check_sides(split.training.size(), split.validation.size());
  return split;
}

}  // namespace difflm
