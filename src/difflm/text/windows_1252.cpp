#include "difflm/text/windows_1252.h"

#include <array>
#include <cstdint>

#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr int32_t kNone = -1;
constexpr double kMostHigh = 0.2;          // bytes above 0x7F, of all; letters with accents are fewer in every language
constexpr double kMostImplausible = 0.05;  // of those
constexpr double kMostUtf8 = 0.2;

// 0x80 to 0x9F; what follows is as in Unicode.
constexpr std::array<int32_t, 32> kHigh = {0x20AC, kNone,  0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                           0x2039, 0x0152, kNone,  0x017D, kNone,  kNone,  0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                           0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, kNone,  0x017E, 0x0178};

int32_t code_point(unsigned char byte) { return byte >= 0x80 && byte < 0xA0 ? kHigh[byte - 0x80] : byte; }

bool is_ascii_letter(unsigned char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

bool is_letter(unsigned char byte) {
  if (byte == 0x8A || byte == 0x8C || byte == 0x8E || byte == 0x9A || byte == 0x9C || byte == 0x9E || byte == 0x9F) return true;
  return byte >= 0xC0 && byte != 0xD7 && byte != 0xF7;
}

// Quotation marks, dashes, the ellipsis; a space that does not break, currencies, section, degree, ordinals, inverted ! and ?.
bool is_mark(unsigned char byte) {
  if (byte == 0x80 || byte == 0x82 || byte == 0x84 || byte == 0x85 || byte == 0x8B || byte == 0x9B) return true;
  if (byte >= 0x91 && byte <= 0x97) return true;
  return byte == 0xA0 || byte == 0xA1 || byte == 0xA3 || byte == 0xA7 || byte == 0xA9 || byte == 0xAA || byte == 0xAB ||
         byte == 0xB0 || byte == 0xBA || byte == 0xBB || byte == 0xBF;
}

}  // namespace

bool looks_like_windows_1252(std::string_view bytes) {
  size_t high = 0;
  size_t implausible = 0;
  size_t utf8 = 0;  // first bytes of a valid sequence, by chance: "ß" before a quotation mark
  const auto letter_at = [&](size_t place) {
    return place < bytes.size() && is_ascii_letter(static_cast<unsigned char>(bytes[place]));
  };
  for (size_t at = 0; at < bytes.size(); ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte < 0x80) continue;
    ++high;
    if (code_point_at(bytes, at).value >= 0) ++utf8;
    const bool is_word = byte == 0xE0 || byte == 0xC0 || byte == 0xE9 || byte == 0xF3;  // à, é, ó
    const bool is_plausible = is_mark(byte) || (is_letter(byte) && (is_word || letter_at(at - 1) || letter_at(at + 1)));
    if (!is_plausible) ++implausible;
  }
  const auto share = [](size_t part, size_t whole) { return static_cast<double>(part) / static_cast<double>(whole); };
  return high > 0 && share(high, bytes.size()) <= kMostHigh && share(implausible, high) <= kMostImplausible &&
         share(utf8, high) <= kMostUtf8;
}

std::string from_windows_1252(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char byte : bytes) {
    const int32_t point = code_point(static_cast<unsigned char>(byte));
    if (point == kNone) {
      text += byte;
    } else {
      append_code_point(text, point);
    }
  }
  return text;
}

}  // namespace difflm
