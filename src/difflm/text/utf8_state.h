// How far the last character of a text is, for texts that are made of pieces which may end inside a character.
//
// The bytes that may follow are those of the Unicode Standard, table 3-7: after some first bytes the range of the second is
// narrower, so that there are no overlong forms, no surrogates, and nothing above U+10FFFF.
#pragma once

#include <cstdint>
#include <string_view>

namespace difflm {

enum class Utf8State : uint8_t { whole, one_more, two_more, three_more, after_e0, after_ed, after_f0, after_f4, broken };
inline constexpr int kUtf8States = 8;  // without `broken`, which nothing mends

inline Utf8State utf8_after(Utf8State state, char byte) {
  const auto value = static_cast<unsigned char>(byte);
  const auto in = [&](int low, int high, Utf8State next) { return value >= low && value <= high ? next : Utf8State::broken; };
  switch (state) {
    case Utf8State::one_more:
      return in(0x80, 0xBF, Utf8State::whole);
    case Utf8State::two_more:
      return in(0x80, 0xBF, Utf8State::one_more);
    case Utf8State::three_more:
      return in(0x80, 0xBF, Utf8State::two_more);
    case Utf8State::after_e0:
      return in(0xA0, 0xBF, Utf8State::one_more);
    case Utf8State::after_ed:
      return in(0x80, 0x9F, Utf8State::one_more);
    case Utf8State::after_f0:
      return in(0x90, 0xBF, Utf8State::two_more);
    case Utf8State::after_f4:
      return in(0x80, 0x8F, Utf8State::two_more);
    case Utf8State::broken:
      return state;
    case Utf8State::whole:
      break;
  }
  if (value < 0x80) return Utf8State::whole;
  if (value >= 0xC2 && value <= 0xDF) return Utf8State::one_more;
  if (value == 0xE0) return Utf8State::after_e0;
  if (value == 0xED) return Utf8State::after_ed;
  if (value >= 0xE1 && value <= 0xEF) return Utf8State::two_more;
  if (value == 0xF0) return Utf8State::after_f0;
  if (value == 0xF4) return Utf8State::after_f4;
  return in(0xF1, 0xF3, Utf8State::three_more);
}

inline Utf8State utf8_after(Utf8State state, std::string_view bytes) {
  for (const char byte : bytes) state = utf8_after(state, byte);
  return state;
}

// The bytes that complete the character.
inline int utf8_missing(Utf8State state) {
  switch (state) {
    case Utf8State::one_more:
      return 1;
    case Utf8State::two_more:
    case Utf8State::after_e0:
    case Utf8State::after_ed:
      return 2;
    case Utf8State::three_more:
    case Utf8State::after_f0:
    case Utf8State::after_f4:
      return 3;
    default:
      return 0;
  }
}

}  // namespace difflm
