#include "difflm/inspection/script.h"

#include <gtest/gtest.h>

namespace difflm {
namespace {

TEST(Script, of_a_letter_is_that_of_its_alphabet) {
  EXPECT_EQ(script_of('a'), "Latin");
  EXPECT_EQ(script_of(0xDF), "Latin");  // sharp s
  EXPECT_EQ(script_of(0x3B1), "Greek");
  EXPECT_EQ(script_of(0x436), "Cyrillic");
  EXPECT_EQ(script_of(0x5E9), "Hebrew");
  EXPECT_EQ(script_of(0x628), "Arabic");
  EXPECT_EQ(script_of(0x915), "Devanagari");
  EXPECT_EQ(script_of(0xE01), "Thai");
  EXPECT_EQ(script_of(0x3042), "Hiragana");
  EXPECT_EQ(script_of(0x30A2), "Katakana");
  EXPECT_EQ(script_of(0x4E2D), "Han");
  EXPECT_EQ(script_of(0x20000), "Han");
  EXPECT_EQ(script_of(0xAC00), "Hangul");
  EXPECT_EQ(script_of(0x10330), "other");  // Gothic
}

TEST(Script, is_none_for_what_is_no_letter) {
  for (const int32_t point : {0x31, 0x20, 0x2E, 0x5F, 0x20AC, 0x3002, 0x1F600, 0x300}) EXPECT_EQ(script_of(point), "") << point;
}

TEST(Script, without_spaces_are_those_of_east_asia_and_their_kin) {
  for (const char* script : {"Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"})
    EXPECT_TRUE(is_unspaced_script(script)) << script;
  for (const char* script : {"Latin", "Hangul", "Arabic", "Devanagari", "other", ""})
    EXPECT_FALSE(is_unspaced_script(script)) << script;
}

}  // namespace
}  // namespace difflm
