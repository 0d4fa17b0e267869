#include "difflm/tokenizers/base64.h"

#include <cstdint>

#include "difflm/core/error.h"

namespace difflm {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string from_base64(std::string_view text) {
  uint32_t value_of[256];
  for (auto& value : value_of) value = 64;
  for (uint32_t i = 0; i < 64; ++i) value_of[static_cast<unsigned char>(kAlphabet[i])] = i;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (size_t i = 0; i + 4 <= text.size(); i += 4) {
    uint32_t group = 0;
    const bool last = i + 4 == text.size();
    const size_t padding = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
    for (size_t k = 0; k < 4; ++k) {
      const uint32_t value = k + padding >= 4 ? 0 : value_of[static_cast<unsigned char>(text[i + k])];
      if (value > 63) throw failure("base64", "a character that does not belong there");
      group = group << 6 | value;
    }
    for (size_t k = 0; k + padding < 3; ++k) bytes += static_cast<char>(group >> (16 - 8 * k) & 255);
  }
  if (text.size() % 4 != 0 || to_base64(bytes) != text) throw failure("base64", "cut off or damaged");
  return bytes;
}

}  // namespace difflm
