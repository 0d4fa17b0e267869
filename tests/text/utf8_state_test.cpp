// The automaton agrees with the check of whole texts, for every character and every pair of first bytes.
#include "difflm/text/utf8_state.h"

#include <gtest/gtest.h>

#include <string>

#include "difflm/text/utf8.h"

namespace difflm {
namespace {

TEST(Utf8State, EveryCharacterIsWholeAtItsEndAndCountsWhatItMisses) {
  for (int32_t value = 0; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value < 0xE000) continue;
    std::string bytes;
    append_code_point(bytes, value);
    Utf8State state = Utf8State::whole;
    for (size_t at = 0; at < bytes.size(); ++at) {
      ASSERT_EQ(utf8_missing(state), at == 0 ? 0 : static_cast<int>(bytes.size() - at)) << value;
      state = utf8_after(state, bytes[at]);
    }
    ASSERT_EQ(state, Utf8State::whole) << value;
  }
}

TEST(Utf8State, IsWholeAfterValidTextsOnly) {
  std::string bytes(4, '\0');
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const int last : {0x00, 0x7F, 0x80, 0xBF, 0xC2}) {
        bytes = {static_cast<char>(first), static_cast<char>(second), static_cast<char>(last), static_cast<char>(0x80)};
        for (size_t length = 1; length <= bytes.size(); ++length) {
          const std::string_view text = std::string_view(bytes).substr(0, length);
          ASSERT_EQ(utf8_after(Utf8State::whole, text) == Utf8State::whole, is_valid_utf8(text)) << first << " " << second;
        }
      }
    }
  }
}

}  // namespace
}  // namespace difflm
