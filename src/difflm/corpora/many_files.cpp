#include "difflm/corpora/many_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "difflm/core/error.h"
#include "difflm/corpora/corpus_files.h"
#include "difflm/corpora/detect.h"
#include "difflm/corpora/gzip.h"
#include "difflm/corpora/text_layout.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr size_t kHead = size_t{1} << 16;  // bytes of each file that are looked at
constexpr size_t kSampled = 200;           // files
constexpr size_t kManyFiles = 20;
constexpr size_t kShortFile = 4096;  // bytes; two pages

bool is_open(const Config& config, const std::string& key) {
  const auto* value = config.find(key);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
  return value == nullptr || (text != nullptr && *text == "auto");
}

// The cleaned start of a plain text; empty for anything else, which has its own reader and its own errors.
std::string head_of_text(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  std::ifstream in(path, std::ios::binary);
  std::string head(kHead, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<size_t>(in.gcount()));
  try {
    if (is_gzip(head)) return {};
    head = clean_text(std::move(head), path);
    return detect_corpus(path, head).first == "txt" ? head : std::string();
  } catch (const Error&) {
    return {};
  }
}

struct HeadCounts {
  std::string sample;
  size_t texts = 0;
  std::vector<size_t> sizes;
  std::map<size_t, size_t> lines;  // number of lines -> files that have it

  // Files of different lengths; parts that a program has cut have the same number of lines.
  bool are_texts() {
    if (texts < kManyFiles) return false;
    std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2), sizes.end());
    size_t alike = 0;
    for (const auto& [count, files] : lines) alike = std::max(alike, count > 1 ? files : 0);
    return sizes[sizes.size() / 2] <= kShortFile && 2 * alike < texts;
  }
};

}  // namespace

Config with_common_layout(const std::vector<std::string>& files, const Config& config, ReadingLog& log) {
  if (files.size() < 2 || !is_open(config, "data.txt.mode") || !is_open(config, "data.txt.delimiter")) return config;
  HeadCounts counts;
  for (size_t i = 0; i < std::min(files.size(), kSampled); ++i) {
    const std::string head = head_of_text(files[i * files.size() / std::min(files.size(), kSampled)]);
    if (head.empty()) continue;
    ++counts.texts;
    counts.sizes.push_back(head.size());
    ++counts.lines[static_cast<size_t>(std::count(head.begin(), head.end(), '\n'))];
    counts.sample += head + (head.ends_with('\n') ? "" : "\n");
  }
  if (counts.texts < 2) return config;
  TextLayout layout = find_text_layout(counts.sample, files.front());
  if (layout.delimiter.empty() && counts.are_texts()) {
    layout.mode = "stream";
    layout.mode_reason = "there are many short ones, each a text";
  }
  Config common = config;
  common.set("data.txt.mode", {layout.mode, "the files"});
  common.set("data.txt.delimiter", {layout.delimiter, "the files"});
  const bool marked = !layout.delimiter.empty();
  log.note(fmt::format("files of plain text: {}", marked ? layout.delimiter_reason : layout.mode_reason));
  return common;
}

}  // namespace difflm
