#include "difflm/text/utf8.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "difflm/core/error.h"

namespace difflm {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// UTF-16 with its byte order mark as UTF-8, lone surrogates as U+FFFD; anything else unchanged.
std::string from_utf16(std::string bytes) {
  const bool little = bytes.starts_with("\xFF\xFE");
  if (!little && !bytes.starts_with("\xFE\xFF")) return bytes;
  const auto unit = [&](size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<int32_t>(little ? second << 8 | first : first << 8 | second);
  };
  std::string text;
  text.reserve(bytes.size());
  for (size_t at = 2; at + 1 < bytes.size(); at += 2) {
    int32_t value = unit(at);
    if (value >= 0xD800 && value < 0xE000) {
      const int32_t low = value < 0xDC00 && at + 3 < bytes.size() ? unit(at + 2) : 0;
      const bool pair = low >= 0xDC00 && low < 0xE000;
      value = pair ? 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
      at += pair ? 2 : 0;
    }
    append_code_point(text, value);
  }
  return text;
}

// Cuts them out in place.
size_t drop_byte_order_marks(std::string& text) {
  if (text.find(kByteOrderMark) == std::string::npos) return 0;
  size_t dropped = 0;
  size_t out = 0;
  for (size_t at = 0; at < text.size();) {
    const bool starts_line = out == 0 || text[out - 1] == '\n';
    if (starts_line && text.compare(at, kByteOrderMark.size(), kByteOrderMark) == 0) {
      at += kByteOrderMark.size();
      ++dropped;
    } else {
      text[out++] = text[at++];
    }
  }
  text.resize(out);
  return dropped;
}

std::string mapped(std::string text, int option) {
  if (is_ascii(text)) return text;
  utf8proc_uint8_t* buffer = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &buffer,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | option));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(buffer, &std::free);
  if (length < 0) throw failure("text", fmt::format("cannot be normalised: {}", utf8proc_errmsg(length)));
  return {reinterpret_cast<const char*>(buffer), static_cast<size_t>(length)};
}

}  // namespace

CodePoint code_point_at(std::string_view text, size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {byte, 1};
  utf8proc_int32_t value = -1;
  const auto left = static_cast<utf8proc_ssize_t>(std::min<size_t>(4, text.size() - at));
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at), left, &value);
  if (length <= 0) return {-1, 1};
  return {value, static_cast<size_t>(length)};
}

bool is_valid_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto point = code_point_at(text, i);
    if (point.value < 0) return false;
    i += point.length;
  }
  return true;
}

std::string to_valid_utf8(std::string_view text, size_t* invalid_bytes) {
  if (is_valid_utf8(text)) return std::string(text);
  std::string result;
  result.reserve(text.size() + 64);
  for (size_t i = 0; i < text.size();) {
    const auto point = code_point_at(text, i);
    if (point.value < 0) {
      result += kReplacement;
      if (invalid_bytes != nullptr) ++*invalid_bytes;
    } else {
      result += text.substr(i, point.length);
    }
    i += point.length;
  }
  return result;
}

std::string unify_newlines(std::string_view text, bool keep_lone_returns) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      result += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      result += keep_lone_returns ? '\r' : '\n';
    }
  }
  return result;
}

std::string clean_text(std::string bytes, const std::string& path, TextRepairs* repairs, bool keep_lone_returns) {
  bytes = from_utf16(std::move(bytes));
  if (const size_t nul = bytes.find('\0'); nul != std::string::npos) {
    const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
    throw usage_error(fmt::format("{}:{}", path, line), "a NUL byte: this is a binary file, expected UTF-8 text",
                      "unpack it or export it as plain text first");
  }
  TextRepairs own;
  if (!is_valid_utf8(bytes)) bytes = to_valid_utf8(bytes, &own.invalid_bytes);
  if (bytes.find('\r') != std::string::npos) bytes = unify_newlines(bytes, keep_lone_returns);
  own.byte_order_marks = drop_byte_order_marks(bytes);
  if (repairs != nullptr) {
    repairs->invalid_bytes += own.invalid_bytes;
    repairs->byte_order_marks += own.byte_order_marks;
  }
  return bytes;
}

std::string compose(std::string text) { return mapped(std::move(text), UTF8PROC_COMPOSE); }

std::string decompose(std::string text) { return mapped(std::move(text), UTF8PROC_DECOMPOSE); }

bool is_space(int32_t code_point) {
  if (code_point < 0x80) return code_point == ' ' || (code_point >= '\t' && code_point <= '\r');
  if (code_point == 0x85) return true;
  const auto category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool is_blank(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto point = code_point_at(text, i);
    if (point.value < 0 || !is_space(point.value)) return false;
    i += point.length;
  }
  return true;
}

void append_code_point(std::string& text, int32_t code_point) {
  utf8proc_uint8_t buffer[4];
  const auto length = utf8proc_encode_char(code_point, buffer);
  text.append(reinterpret_cast<const char*>(buffer), static_cast<size_t>(length));
}

}  // namespace difflm
