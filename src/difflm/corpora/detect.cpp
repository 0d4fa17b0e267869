#include "difflm/corpora/detect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/corpora/corpus.h"
#include "difflm/corpora/json_values.h"
#include "difflm/corpora/table_shape.h"

namespace difflm {
namespace {

constexpr size_t kLooked = size_t{4} << 20;  // bytes
constexpr const char* kWaysOut = "data.corpus chooses the reader; data.corpus=txt reads anything as plain text, marks and all";

std::string lower_ascii(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string ending_of(const std::string& path) {
  std::filesystem::path name(path);
  if (lower_ascii(name.extension().string()) == ".gz") name = name.stem();
  return lower_ascii(name.extension().string());
}

bool is_one_of(const std::string& ending, std::initializer_list<std::string_view> endings) {
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

// Lines that are JSON texts and nothing else; some poems have a few.
bool all_lines_are_quoted(std::string_view text) {
  size_t lines = 0;
  size_t quoted = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    start = end + 1;
    if (line.empty()) continue;
    ++lines;
    quoted += line.size() > 1 && line.front() == '"' && line.back() == '"' ? 1 : 0;
  }
  return lines >= 3 && quoted * 50 >= lines * 49;
}

// Lines in braces or brackets, or an object that opens with a name: data of a program, as repr() in Python writes it.
bool looks_like_data(std::string_view text) {
  size_t lines = 0;
  size_t enclosed = 0;
  for (size_t start = 0; start < text.size() && lines < 200;) {
    const size_t end = std::min(text.find('\n', start), text.size());
    std::string_view line = text.substr(start, end - start);
    start = end + 1;
    while (!line.empty() && (line.back() == ',' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    ++lines;
    const bool braces = line.front() == '{' && line.back() == '}' && line.find(':') != std::string_view::npos;
    const bool brackets = line.starts_with("['") && line.back() == ']';
    enclosed += braces || brackets ? 1 : 0;
  }
  if (2 * enclosed > lines) return true;
  const size_t second = text.find_first_not_of(" \t\n", 1);
  return second != std::string_view::npos && (text[second] == '"' || text[second] == '\'') && text.front() == '{';
}

void refuse_markup(const std::string& path, std::string_view text) {
  const std::string start = lower_ascii(text.substr(0, 200));
  const char* kind = start.starts_with("<?xml") || start.starts_with("<tei") || start.starts_with("<rss") ? "XML"
                     : start.starts_with("<!doctype html") || start.starts_with("<html")                  ? "HTML"
                     : start.starts_with("{\\rtf")                                                        ? "RTF"
                                                                                                          : "";
  if (*kind == '\0') return;
  throw usage_error(path, fmt::format("is {}, expected plain text, JSON or a table", kind),
                    fmt::format("take the texts out of it first; {}", kWaysOut));
}

}  // namespace

std::pair<std::string, std::string> detect_corpus(const std::string& path, std::string_view text) {
  const std::string ending = ending_of(path);
  const bool named_json = is_one_of(ending, {".json", ".jsonl", ".ndjson", ".jl"});
  const bool named_table = is_one_of(ending, {".csv", ".tsv", ".tab", ".psv"});
  const size_t start = text.find_first_not_of(" \t\n\r");
  if (start == std::string_view::npos) return {named_json ? "jsonl" : named_table ? "csv" : "txt", "it is empty"};
  const std::string_view content = text.substr(start, kLooked);
  refuse_markup(path, content);
  const char first = content.front();
  if (first == '{' || first == '[' || (first == '"' && !named_table && all_lines_are_quoted(content))) {
    if (looks_like_json(content)) return {"jsonl", "it is JSON"};
    if (looks_like_data(content)) {
      throw usage_error(path, fmt::format("looks like JSON but is not valid: {}", quoted_name(content.substr(0, 60))), kWaysOut);
    }
  }
  if (named_json) {
    throw usage_error(path, fmt::format("is named {} but holds no JSON: {}", ending, quoted_name(content.substr(0, 60))), kWaysOut);
  }
  if (named_table) return {"csv", fmt::format("it is named {}", ending)};
  if (looks_like_table(content)) return {"csv", "its lines have the same number of columns"};
  return {"txt", "it is plain text"};
}

DetectedFormat detect_format(const std::string& path, std::string_view text, const Config& config) {
  DetectedFormat format;
  const auto* given = config.find("data.corpus");
  const auto* name = given == nullptr ? nullptr : std::get_if<std::string>(&given->data);
  if (name != nullptr && *name != "auto") {
    format.corpus = *name;
    format.reasons.push_back("data.corpus says so");
  } else {
    auto [corpus, why] = detect_corpus(path, text);
    format.corpus = std::move(corpus);
    format.reasons.push_back(std::move(why));
  }
  FoundOptions found = corpora().make(format.corpus, config)->find_options(path, text);
  format.settings = std::move(found.settings);
  format.reasons.insert(format.reasons.end(), found.reasons.begin(), found.reasons.end());
  return format;
}

}  // namespace difflm
