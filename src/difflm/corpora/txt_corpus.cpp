#include "difflm/corpora/txt_corpus.h"

#include <fmt/format.h>

#include <array>

#include "difflm/corpora/text_layout.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr std::array<std::string_view, 5> kStartMarks = {"<s>", "<|startoftext|>", "<|begin_of_text|>", "<bos>", "<BOS>"};

void give_text(std::string text, const DocumentSink& sink, ReadingLog& log) {
  log.record();
  Document document;
  document.text = std::move(text);
  sink(std::move(document));
}

void give_between_marks(std::string_view text, const std::string& delimiter, const DocumentSink& sink, ReadingLog& log) {
  for (std::string_view part : split_at_marks(text, delimiter)) {
    for (const std::string_view mark : kStartMarks) {
      if (!part.starts_with(mark)) continue;
      part.remove_prefix(mark.size());
      while (!part.empty() && (part.front() == ' ' || part.front() == '\n')) part.remove_prefix(1);
      log.count(fmt::format("marks {} at the start of a text, dropped", mark));
    }
    give_text(std::string(part), sink, log);
  }
}

void give_lines(const std::string& text, bool by_line, const DocumentSink& sink, ReadingLog& log) {
  std::string paragraph;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    start = end + 1;
    if (by_line) {
      give_text(line, sink, log);
    } else if (is_blank(line)) {
      if (!paragraph.empty()) give_text(std::move(paragraph), sink, log);
      paragraph.clear();
    } else {
      paragraph += (paragraph.empty() ? "" : "\n") + line;
    }
  }
  if (!paragraph.empty()) give_text(std::move(paragraph), sink, log);
}

}  // namespace

FoundOptions TxtCorpus::find_options(const std::string& path, std::string_view text) const {
  FoundOptions found;
  // Whoever sets the mode means the lines as they are.
  if (options_.mode != "auto" || (options_.delimiter != "auto" && !options_.delimiter.empty())) return found;
  const TextLayout layout = find_text_layout(text, path);
  if (options_.delimiter == "auto" && !layout.delimiter.empty()) {
    found.settings.emplace_back("data.txt.delimiter", layout.delimiter);
    found.reasons.push_back(layout.delimiter_reason);
  } else {
    found.settings.emplace_back("data.txt.mode", layout.mode);
    found.reasons.push_back(layout.mode_reason);
  }
  return found;
}

FoundOptions TxtCorpus::read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) {
  std::string mode = options_.mode;
  std::string delimiter = options_.delimiter == "auto" ? "" : options_.delimiter;
  FoundOptions found = find_options(path, text);
  for (const auto& [key, value] : found.settings) (key == "data.txt.mode" ? mode : delimiter) = value;
  if (options_.mode != "auto" && options_.delimiter == "auto") {
    if (const TextLayout layout = find_text_layout(text, path); !layout.delimiter.empty()) {
      log.note(
          fmt::format("{}: {}; data.txt.delimiter=\"{}\" would end texts there", path, layout.delimiter_reason, layout.delimiter));
    }
  }
  if (!delimiter.empty()) {
    give_between_marks(text, delimiter, sink, log);
  } else if (mode == "stream") {
    give_text(std::move(text), sink, log);
  } else {
    give_lines(text, mode == "line", sink, log);
  }
  return found;
}

}  // namespace difflm
