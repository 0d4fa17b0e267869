#include "difflm/inspection/script.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "difflm/text/characters.h"

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
  const std::vector<std::pair<int32_t, std::string>> unspaced = {{0x5B57, "Han"},     {0x3042, "Hiragana"}, {0x30A2, "Katakana"},
                                                                 {0x0E01, "Thai"},    {0x0E81, "Lao"},      {0x1780, "Khmer"},
                                                                 {0x1000, "Myanmar"}, {0x0F40, "Tibetan"}};
  for (const auto& [letter, script] : unspaced) {
    EXPECT_EQ(script_of(letter), script);
    EXPECT_TRUE(is_unspaced(letter)) << script;
  }
  const std::vector<std::pair<int32_t, std::string>> spaced = {
      {'a', "Latin"}, {0xAC00, "Hangul"}, {0x0627, "Arabic"}, {0x0905, "Devanagari"}, {'.', ""}};
  for (const auto& [letter, script] : spaced) {
    EXPECT_EQ(script_of(letter), script);
    EXPECT_FALSE(is_unspaced(letter)) << script;
  }
}

}  // namespace
}  // namespace difflm
