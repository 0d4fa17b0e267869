#include "difflm/corpora/prose.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include "difflm/text/utf8.h"

namespace difflm {
namespace {

// Names under which texts are published, most telling first. "ref" is the E2E challenge's.
constexpr std::array kUsualNames = {
    "ref",           "text",     "texts",     "content",  "contents",    "body",       "sentence", "sentences",    "document",
    "document_text", "article",  "story",     "review",   "review_text", "reviewtext", "comment",  "comment_text", "message",
    "tweet",         "post",     "paragraph", "passage",  "poem",        "lyrics",     "quote",    "description",  "abstract",
    "summary",       "headline", "output",    "response", "completion",  "answer",     "question", "title"};
constexpr double kOfBest = 0.4;  // of the best score, that a field with a usual name must have
constexpr double kOfBestIfCertain = 0.05;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_letter_or_mark(int32_t code_point) {
  const auto category = utf8proc_category(code_point);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_MC;
}

}  // namespace

void ProseScore::add(std::string_view value) {
  if (is_blank(value)) return;
  ++values_;
  distinct_.insert(std::hash<std::string_view>{}(value));
  size_t letters = 0;
  size_t characters = 0;
  bool ascii = true;
  for (size_t at = 0; at < value.size(); ++characters) {
    const auto point = code_point_at(value, at);
    letters += is_letter_or_mark(point.value) ? 1 : 0;
    ascii = ascii && point.value < 0x80;
    at += point.length;
  }
  letters_ += letters;
  characters_ += characters;
  const bool one_word = value.find_first_of(" \t\n") == std::string_view::npos;
  const bool address = value.starts_with("http://") || value.starts_with("https://") || value.starts_with("www.");
  identifiers_ += (one_word && ascii && (characters > 24 || letters * 4 < characters * 3)) || address ? 1 : 0;
}

double ProseScore::mean_length() const {
  return static_cast<double>(characters_) / static_cast<double>(std::max<size_t>(1, values_));
}

double ProseScore::score() const {
  if (values_ == 0) return 0;
  const auto share = [&](size_t part) { return static_cast<double>(part) / static_cast<double>(values_); };
  return share(letters_) * share(distinct_.size()) * (1 - 0.99 * share(identifiers_));
}

ChosenField choose_text_field(const std::vector<ScoredField>& fields) {
  size_t best = 0;
  for (size_t i = 1; i < fields.size(); ++i) {
    if (fields[i].prose.score() > fields[best].prose.score()) best = i;
  }
  for (const std::string_view name : kUsualNames) {
    const bool certain = name == "ref" || name == "text";
    const double least = (certain ? kOfBestIfCertain : kOfBest) * fields[best].prose.score();
    for (size_t i = 0; i < fields.size(); ++i) {
      if (lower(fields[i].name) == name && fields[i].prose.score() >= least) return {i, "by its name"};
    }
  }
  return {best, fields.size() == 1 ? "the only one"
                                   : fmt::format("its values are the most like texts, {:.0f} characters on average",
                                                 fields[best].prose.mean_length())};
}

std::vector<size_t> numbered_parts(const std::vector<ScoredField>& fields) {
  const auto stem = [](const std::string& name) {
    const size_t end = name.find_last_not_of("0123456789");
    return end == std::string::npos || end + 1 == name.size() ? std::string() : name.substr(0, end + 1);
  };
  double best = 0;
  for (const auto& field : fields) best = std::max(best, field.prose.score());
  std::vector<size_t> parts;
  for (size_t first = 0; first < fields.size(); ++first) {
    const std::string name = stem(fields[first].name);
    std::vector<size_t> own;
    for (size_t i = first; i < fields.size() && !name.empty(); ++i) {
      if (stem(fields[i].name) == name && fields[i].prose.score() > kOfBest * best && fields[i].prose.mean_length() > 15)
        own.push_back(i);
    }
    if (own.size() > parts.size()) parts = own;
  }
  if (parts.size() < 3) parts.clear();
  return parts;
}

}  // namespace difflm
