#include "difflm/corpora/json_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "difflm/core/json.h"

namespace difflm {
namespace {

constexpr size_t kJsonLooked = 200;  // lines or items that decide what a text is

bool is_json_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// The end of the value that starts at `at`, by brackets and quotes alone; npos where it does not close.
size_t value_end(std::string_view text, size_t at) {
  const char first = text[at];
  if (first != '{' && first != '[' && first != '"') {
    while (at < text.size() && text[at] != ',' && text[at] != ']' && text[at] != '}' && !is_json_space(text[at])) ++at;
    return at;
  }
  size_t depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
      if (at >= text.size()) return std::string_view::npos;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
    if (depth == 0) return at + 1;
  }
  return std::string_view::npos;
}

void skip_spaces(std::string_view text, size_t& at, size_t& line, bool commas) {
  for (; at < text.size() && (is_json_space(text[at]) || (commas && text[at] == ',')); ++at) line += text[at] == '\n' ? 1 : 0;
}

std::string_view trimmed_json(std::string_view text) {
  while (!text.empty() && is_json_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_json_space(text.back())) text.remove_suffix(1);
  return text;
}

using Visit = std::function<bool(const JsonItem&)>;

void for_each_line(std::string_view text, const Visit& visit) {
  size_t line = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view item = trimmed_json(text.substr(start, end - start));
    start = end + 1;
    ++line;
    if (!item.empty() && !visit({item, line, true})) return;
  }
}

// Values one after another from `at` on, up to the end or, in a list, to its closing bracket; commas between them or not. After a
// value that does not close it goes on with the next line.
void for_each_value(std::string_view text, size_t at, size_t line, bool in_list, const Visit& visit) {
  while (true) {
    skip_spaces(text, at, line, true);
    if (at >= text.size() || (in_list && text[at] == ']')) return;
    const size_t end = value_end(text, at);
    const bool whole = end != std::string_view::npos && end > at;
    const size_t stop = whole ? end : std::min(text.find('\n', at), text.size());
    if (!visit({text.substr(at, stop - at), line, whole})) return;
    line += static_cast<size_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(stop), '\n'));
    at = stop;
  }
}

// Visits the members of the object at `at`, the key with its quotes, until `visit` returns false or the object ends or breaks off;
// returns whether it came to the end.
bool for_each_member(std::string_view text, size_t at, const auto& visit) {
  size_t ignored = 0;
  for (++at; at < text.size();) {
    skip_spaces(text, at, ignored, true);
    if (at < text.size() && text[at] == '}') return true;
    if (at >= text.size() || text[at] != '"') return false;
    const size_t key_end = value_end(text, at);
    if (key_end == std::string_view::npos) return false;
    const std::string_view key = text.substr(at, key_end - at);
    at = key_end;
    skip_spaces(text, at, ignored, false);
    if (at >= text.size() || text[at] != ':') return false;
    ++at;
    skip_spaces(text, at, ignored, false);
    if (at >= text.size()) return false;
    const size_t end = std::min(value_end(text, at), text.size());
    if (!visit(key, text.substr(at, end - at))) return false;
    at = std::max(end, at + 1);
  }
  return false;
}

// Where the list starts that the object at `at` holds: of several, the largest. Objects inside are looked into as well.
struct ListInside {
  std::string member;
  size_t at = std::string_view::npos;
  size_t size = 0;
  size_t members = 0;
};

ListInside largest_list(std::string_view text, size_t at, const std::string& prefix, int depth) {
  ListInside best;
  for_each_member(text, at, [&](std::string_view quoted_key, std::string_view value) {
    const std::string key = prefix + std::string(quoted_key.substr(1, quoted_key.size() - 2));
    const auto place = static_cast<size_t>(value.data() - text.data());
    const size_t members = ++best.members;
    if (value.front() == '[' && value.size() > best.size) best = {key, place, value.size(), members};
    if (value.front() == '{' && depth > 0) {
      const ListInside inner = largest_list(text, place, key + ".", depth - 1);
      if (inner.at != std::string_view::npos && inner.size > best.size) best = {inner.member, inner.at, inner.size, members};
    }
    return true;
  });
  return best;
}

struct JsonColumn {
  std::string_view key;
  std::vector<std::string_view> values;
};

// The values of a list, or of an object, that holds neither lists nor objects.
bool read_column(std::string_view column, std::vector<std::string_view>& values) {
  const auto add = [&](std::string_view value) {
    values.push_back(value);
    return value.front() != '{' && value.front() != '[';
  };
  if (column.front() == '{')
    return for_each_member(column, 0, [&](std::string_view, std::string_view value) { return add(value); });
  if (column.front() != '[') return false;
  bool plain = true;
  for_each_value(column, 1, 1, true, [&](const JsonItem& item) { return plain = add(item.text); });
  return plain;
}

bool is_value(std::string_view item) {
  if (item.empty() || (item.front() != '{' && item.front() != '[' && item.front() != '"')) return false;
  SortedJson value;
  return parse_lenient_json(item, value);
}

// Copies a string literal, from its quote on; returns where it ends.
size_t copy_string(std::string_view text, size_t at, std::string& result, JsonRepairs& repairs) {
  const auto escape_at = [&](size_t place) -> int {  // the code unit of \uXXXX, or -1
    if (place + 6 > text.size() || text[place] != '\\' || text[place + 1] != 'u') return -1;
    const std::string digits(text.substr(place + 2, 4));
    char* end = nullptr;
    const long value = std::strtol(digits.c_str(), &end, 16);
    return end == digits.c_str() + 4 ? static_cast<int>(value) : -1;
  };
  result += text[at];
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      result += c;
      return at + 1;
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr const char* kHex = "0123456789abcdef";
      result += std::string("\\u00") + kHex[c >> 4] + kHex[c & 15];
      ++repairs.control_characters;
      continue;
    }
    if (c != '\\' || at + 1 >= text.size()) {
      result += c;
      continue;
    }
    const int unit = escape_at(at);
    if (unit == 0) {
      ++repairs.nul_characters;
      at += 5;
    } else if (unit >= 0xD800 && unit < 0xE000) {
      const int low = unit < 0xDC00 ? escape_at(at + 6) : -1;
      const bool pair = low >= 0xDC00 && low < 0xE000;
      result += pair ? text.substr(at, 12) : std::string_view("\\ufffd");
      repairs.lone_surrogates += pair ? 0 : 1;
      at += pair ? 11 : 5;
    } else {
      result += text.substr(at, 2);
      ++at;
    }
  }
  return at;
}

std::string mended(std::string_view text, JsonRepairs& repairs) {
  constexpr std::array<std::string_view, 6> kNotNumbers = {"NaN", "-NaN", "nan", "Infinity", "-Infinity", "undefined"};
  std::string result;
  result.reserve(text.size() + 16);
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = copy_string(text, at, result, repairs);
    } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '+') {
      size_t end = at;
      while (end < text.size() &&
             (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-' || text[end] == '+' || text[end] == '.'))
        ++end;
      const std::string word(text.substr(at, end - at));
      const bool digits = std::isdigit(static_cast<unsigned char>(word.back())) != 0;
      const bool too_large = digits && std::abs(std::strtod(word.c_str(), nullptr)) > 1.7e308;
      const bool passed_over = too_large || std::find(kNotNumbers.begin(), kNotNumbers.end(), word) != kNotNumbers.end();
      result += passed_over ? "null" : word;
      repairs.not_numbers += passed_over ? 1 : 0;
      at = end;
    } else {
      result += c;
      ++at;
    }
  }
  return result;
}

}  // namespace

bool parse_lenient_json(std::string_view text, SortedJson& value, JsonRepairs* repairs) {
  if (text.find("\\u0000") == std::string_view::npos) {
    value = try_parse_sorted_json(text);
    if (!value.is_discarded()) return true;
  }
  JsonRepairs own;
  value = try_parse_sorted_json(mended(text, own));
  if (value.is_discarded()) return false;
  if (repairs != nullptr) {
    repairs->lone_surrogates += own.lone_surrogates;
    repairs->nul_characters += own.nul_characters;
    repairs->not_numbers += own.not_numbers;
    repairs->control_characters += own.control_characters;
  }
  return true;
}

std::string rows_of_columns(std::string text) {
  size_t at = 0;
  size_t ignored = 0;
  skip_spaces(text, at, ignored, false);
  if (at >= text.size() || text[at] != '{') return text;
  size_t end = value_end(text, at);
  if (end == std::string_view::npos || text.find_first_not_of(" \t\n", end) != std::string::npos) return text;
  std::vector<JsonColumn> columns;
  const bool read = for_each_member(text, at, [&](std::string_view key, std::string_view value) {
    columns.push_back({key, {}});
    return read_column(value, columns.back().values);
  });
  const size_t rows = columns.empty() ? 0 : columns.front().values.size();
  const bool even =
      std::all_of(columns.begin(), columns.end(), [&](const JsonColumn& column) { return column.values.size() == rows; });
  if (!read || !even || rows < 2) return text;
  std::string lines;
  for (size_t row = 0; row < rows; ++row) {
    char before = '{';
    for (const auto& column : columns) {
      lines += before;
      lines.append(column.key).append(": ").append(column.values[row]);
      before = ',';
    }
    lines += "}\n";
  }
  return lines;
}

JsonLayout json_layout(std::string_view text) {
  size_t lines = 0;
  size_t values = 0;
  for_each_line(text, [&](const JsonItem& item) {
    ++lines;
    values += is_value(item.text) ? 1 : 0;
    return lines < kJsonLooked;
  });
  size_t start = 0;
  size_t line = 1;
  skip_spaces(text, start, line, false);
  if (start >= text.size()) return {};
  size_t end = value_end(text, start);
  const bool open = end == std::string_view::npos;  // the file was cut, or one of its strings is broken
  if (!open) skip_spaces(text, end, line, false);
  const bool single = open ? 2 * values < lines : end >= text.size();
  if (single && text[start] == '[') return {JsonLayout::Kind::list, "", 0};
  if (single && text[start] == '{') {
    const ListInside inside = largest_list(text, start, "", 1);
    const bool small = inside.at == std::string_view::npos || inside.size * 2 < text.size();
    if (!small) return {JsonLayout::Kind::list_in_object, inside.member, inside.members - 1};
  }
  const bool opens = text[start] == '{' || text[start] == '[' || text[start] == '"';
  return {2 * values >= lines || !opens ? JsonLayout::Kind::lines : JsonLayout::Kind::values, "", 0};
}

void for_each_json_item(std::string_view text, const JsonLayout& layout, const std::function<bool(const JsonItem&)>& visit) {
  size_t start = 0;
  size_t line = 1;
  skip_spaces(text, start, line, false);
  if (layout.kind == JsonLayout::Kind::lines) return for_each_line(text, visit);
  if (layout.kind == JsonLayout::Kind::values) return for_each_value(text, start, line, false, visit);
  if (layout.kind == JsonLayout::Kind::list_in_object) {
    const size_t list = largest_list(text, start, "", 1).at;
    line += static_cast<size_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(start), text.begin() + static_cast<std::ptrdiff_t>(list), '\n'));
    start = list;
  }
  for_each_value(text, start + 1, line, true, visit);
}

bool looks_like_json(std::string_view text) {
  const JsonLayout layout = json_layout(text);
  size_t items = 0;
  size_t values = 0;
  for_each_json_item(text, layout, [&](const JsonItem& item) {
    ++items;
    const bool nested = layout.kind == JsonLayout::Kind::list || layout.kind == JsonLayout::Kind::list_in_object;
    SortedJson value;
    values += item.whole && (nested ? parse_lenient_json(item.text, value) : is_value(item.text)) ? 1 : 0;
    return items < kJsonLooked;
  });
  return items > 0 && 2 * values >= items;
}

}  // namespace difflm
