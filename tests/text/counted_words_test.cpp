#include "difflm/text/counted_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "difflm/text/words.h"

namespace difflm {
namespace {

using testing::ElementsAre;

TEST(CountedWords, AreWordsWhereThereAreSpaces) {
  for (const char* text :
       {"Don't go, it's 10:30 (\xE2\x82\xAC 5.00)!",
        "Stra\xC3\x9F"
        "e und \xC3\x9C"
        "bung",
        "\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0.", "\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4 \xEB\xAC\xB8\xEC\x9E\xA5", ""}) {
    EXPECT_EQ(counted_words(text), split_words(text)) << text;
  }
}

TEST(CountedWords, AreCharactersOfScriptsWithoutSpaces) {
  EXPECT_THAT(counted_words("我喜欢喝咖啡。"), ElementsAre("我", "喜", "欢", "喝", "咖", "啡", "。"));
  EXPECT_THAT(counted_words("私はコーヒー"), ElementsAre("私", "は", "コ", "ー", "ヒ", "ー"));
  // A Thai consonant with its vowel and tone marks is one character.
  EXPECT_THAT(counted_words("ที่นี่"), ElementsAre("ที่", "นี่"));
}

TEST(CountedWords, LeaveWordsBesideThemWhole) {
  EXPECT_THAT(counted_words("用iPhone15看2024年"), ElementsAre("用", "iPhone15", "看", "2024", "年"));
}

TEST(CountedWords, AreJoinedAsTheyAreWritten) {
  for (const char* text : {"我喜欢喝咖啡。他说：「好」！", "The old harbour, quiet.", "ที่นี่ดี"}) {
    EXPECT_EQ(join_counted_words(counted_words(text)), text);
  }
}

TEST(CountedWords, KnowWhichAreCharacters) {
  EXPECT_TRUE(is_counted_character("我"));
  EXPECT_FALSE(is_counted_character("word"));
  EXPECT_FALSE(is_counted_character("。"));
}

}  // namespace
}  // namespace difflm
