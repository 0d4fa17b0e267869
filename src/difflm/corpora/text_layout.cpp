#include "difflm/corpora/text_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>

#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr size_t kLayoutLooked = size_t{4} << 20;  // bytes

// Marks that programs put after a text, and those that some put before it.
constexpr std::array<std::string_view, 19> kEndMarks = {
    "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "<|im_end|>", "<|end|>", "<|eos|>", "<|sep|>", "</s>",  "<eos>", "<EOS>",
    "<eot>",         "<EOT>",           "<sep>",      "<SEP>",      "<end>",   "<END>",   "[SEP]",   "[EOS]", "[END]"};

constexpr std::array<std::string_view, 17> kCode = {".c",  ".cc", ".cpp", ".h",  ".hpp", ".py",  ".js", ".ts", ".java",
                                                    ".rs", ".go", ".rb",  ".sh", ".php", ".lua", ".hs", ".pl"};

std::string_view trimmed_line(std::string_view text) {
  const auto is_white = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

void for_each_text_line(std::string_view text, const auto& visit) {
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    visit(text.substr(start, end - start));
    start = end + 1;
  }
}

// "---", "* * *", "#####", or the "%" of fortune files.
bool is_ruler(std::string_view line) {
  if (line == "%") return true;
  if (line.empty() || line.size() > 80 || std::string_view("-*=#%~_+").find(line.front()) == std::string_view::npos) return false;
  size_t signs = 0;
  for (const char c : line) {
    if (c != ' ' && c != line.front()) return false;
    signs += c == ' ' ? 0 : 1;
  }
  return signs >= 2;
}

bool is_end_mark(std::string_view line) {
  if (std::find(kEndMarks.begin(), kEndMarks.end(), line) != kEndMarks.end()) return true;
  return line.size() > 4 && line.size() < 40 && line.starts_with("<|") && line.ends_with("|>") &&
         line.find(' ') == std::string_view::npos;
}

size_t occurrences(std::string_view text, std::string_view mark) {
  size_t count = 0;
  for (size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + mark.size())) ++count;
  return count;
}

// The mark between texts: one that programs write, alone on its line twice or anywhere five times; or a ruler alone on its line, at
// least five times.
std::string find_mark(std::string_view text, std::string& reason) {
  std::map<std::string_view, size_t> alone;
  for_each_text_line(text, [&](std::string_view line) {
    const std::string_view mark = trimmed_line(line);
    if (is_end_mark(mark) || is_ruler(mark)) ++alone[mark];
  });
  std::pair<std::string_view, size_t> best{"", 4};  // inside lines it needs more evidence
  for (const std::string_view mark : kEndMarks) {
    if (const size_t count = occurrences(text, mark); count > best.second) best = {mark, count};
  }
  for (const auto& [mark, count] : alone) {
    const size_t least = best.first.empty() ? 1 : best.second;
    if (!is_ruler(mark) && count > least) best = {mark, count};
  }
  if (best.first.empty()) {
    best.second = 4;
    for (const auto& [mark, count] : alone) {
      if (count > best.second && text.size() / count < 50000) best = {mark, count};
    }
  }
  if (!best.first.empty()) reason = fmt::format("the mark {} stands {} times between texts", best.first, best.second);
  return std::string(best.first);
}

bool ends_sentence(std::string_view line) {
  while (!line.empty() && (line.back() == '"' || line.back() == '\'' || line.back() == ')' || line.back() == ' '))
    line.remove_suffix(1);
  for (const std::string_view end :
       {".", "!", "?", ":", ";", "\u2026", "\u201D", "\u3002", "\uFF01", "\uFF1F", "\u0964", "\u061F", "\u06D4"}) {
    if (line.ends_with(end)) return true;
  }
  return false;
}

size_t characters_in(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// A line that another one of the same block follows.
struct InnerLine {
  size_t length;     // in characters
  size_t with_next;  // with a space and the first word of the line after it
  bool ends_sentence;
};

struct LineCounts {
  size_t lines = 0;   // that are not blank
  size_t blocks = 0;  // of lines between blank lines
  size_t bytes = 0;
  std::vector<InnerLine> inner;
  std::map<std::string_view, size_t> first_words;  // of the lines after inner ones
};

LineCounts count_lines(std::string_view text) {
  LineCounts counts;
  std::string_view before;
  for_each_text_line(text, [&](std::string_view line) {
    if (is_blank(line)) {
      before = {};
      return;
    }
    ++counts.lines;
    counts.bytes += line.size();
    if (before.empty()) {
      ++counts.blocks;
    } else {
      const size_t length = characters_in(before);
      const std::string_view word = trimmed_line(line).substr(0, trimmed_line(line).find(' '));
      ++counts.first_words[word];
      counts.inner.push_back({length, length + 1 + characters_in(word), ends_sentence(before)});
    }
    before = line;
  });
  return counts;
}

// Lines that end where the page ended, not where the sentence did: the first word of the next line would not have fitted, and it is
// any word, while records of even length begin alike.
bool is_wrapped(const LineCounts& counts) {
  if (counts.inner.size() < 10 || counts.inner.size() * 4 < counts.lines) return false;
  std::vector<size_t> lengths;
  for (const auto& line : counts.inner) lengths.push_back(line.length);
  std::sort(lengths.begin(), lengths.end());
  const size_t widest = lengths[lengths.size() * 49 / 50];
  const auto full =
      std::count_if(counts.inner.begin(), counts.inner.end(), [&](const InnerLine& line) { return line.with_next > widest; });
  const auto ends =
      std::count_if(counts.inner.begin(), counts.inner.end(), [](const InnerLine& line) { return line.ends_sentence; });
  const auto all = static_cast<std::ptrdiff_t>(counts.inner.size());
  size_t alike = 0;
  for (const auto& [word, count] : counts.first_words) alike = std::max(alike, count);
  if (alike * 5 > counts.inner.size()) return false;
  return widest >= 45 && widest <= 200 && full * 10 >= all * 7 && ends * 5 < all * 2;
}

}  // namespace

TextLayout find_text_layout(std::string_view text, const std::string& path) {
  text = text.substr(0, kLayoutLooked);
  TextLayout layout;
  const auto choose = [&](const char* mode, std::string reason) {
    layout.mode = mode;
    layout.mode_reason = std::move(reason);
    return layout;
  };
  const std::string extension = std::filesystem::path(path).extension().string();
  if (std::find(kCode.begin(), kCode.end(), extension) != kCode.end())
    return choose("stream", "source code: the whole file is one text");
  layout.delimiter = find_mark(text, layout.delimiter_reason);
  const LineCounts counts = count_lines(text);
  if (counts.lines == 0) return choose("line", "there is nothing but white space");
  const size_t mean = counts.bytes / counts.lines;
  if (counts.lines <= 3 && mean > 1000)
    return choose("stream", fmt::format("lines of {} characters: one text without line breaks", mean));
  const double in_block = static_cast<double>(counts.lines) / static_cast<double>(counts.blocks);
  const bool wrapped = is_wrapped(counts);
  if (counts.blocks >= 3 && in_block > 1.3 && in_block <= 25) {
    return choose("paragraph", fmt::format("blank lines stand between blocks of {:.1f} lines{}", in_block,
                                           wrapped ? ", which are wrapped" : ""));
  }
  if (wrapped) return choose("stream", "wrapped lines without blank lines: one text");
  return choose("line", "each line is a text by itself");
}

std::vector<std::string_view> split_at_marks(std::string_view text, const std::string& delimiter) {
  bool alone = false;
  if (is_ruler(delimiter))
    for_each_text_line(text, [&](std::string_view line) { alone = alone || trimmed_line(line) == delimiter; });
  std::vector<std::string_view> texts;
  const auto add = [&](std::string_view part) {
    part = trimmed_line(part);
    if (!part.empty()) texts.push_back(part);
  };
  size_t start = 0;
  for (size_t at = text.find(delimiter); at != std::string_view::npos; at = text.find(delimiter, at)) {
    const size_t end = at + delimiter.size();
    const size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
    const size_t line_end = std::min(text.find('\n', at), text.size());
    if (alone && trimmed_line(text.substr(line, line_end - line)) != delimiter) {
      at = end;
      continue;
    }
    add(text.substr(start, at - start));
    start = at = end;
  }
  add(text.substr(start));
  return texts;
}

}  // namespace difflm
