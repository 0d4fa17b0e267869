// Which bytes are taken for Windows-1252, and what they become.
#include "difflm/text/windows_1252.h"

#include <gtest/gtest.h>

namespace difflm {
namespace {

TEST(Windows1252, texts_of_western_languages_look_like_it) {
  EXPECT_TRUE(
      looks_like_windows_1252("Gr\xF6\xDF"
                              "e und Ma\xDF der Stra\xDF"
                              "e"));
  EXPECT_TRUE(
      looks_like_windows_1252("il va \xE0 la f\xEAte, c\x92"
                              "est \xAB \xE9gal \xBB"));
  EXPECT_TRUE(
      looks_like_windows_1252("\xBFQu\xE9 hacemos ma\xF1"
                              "ana por la tarde? \x93No s\xE9.\x94"));
  EXPECT_TRUE(looks_like_windows_1252("a caf\xE9 for \x80 3"));
}

TEST(Windows1252, other_bytes_do_not) {
  EXPECT_FALSE(looks_like_windows_1252("plain"));
  EXPECT_FALSE(looks_like_windows_1252("schöne Stücke für alle"));  // UTF-8
  EXPECT_FALSE(
      looks_like_windows_1252("sch\xC3\xB6ne St\xC3\xBC"
                              "cke, aber caf\xE9"));                                               // UTF-8 with a stray byte
  EXPECT_FALSE(looks_like_windows_1252("a \xF5 stray \xFE byte \xF8 or two"));                     // beside no letter
  EXPECT_FALSE(looks_like_windows_1252("\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0!"));                // Cyrillic
  EXPECT_FALSE(looks_like_windows_1252("za\xBF\xF3\xB3\xE6 g\xEA\xB6l\xB1 ja\xBC\xF1 s\xB3owo"));  // Polish, ISO 8859-2
  EXPECT_FALSE(looks_like_windows_1252("\xB0\xD7\xBA\xD7\xCA\xC7"));                               // Chinese, GBK
}

TEST(Windows1252, every_byte_has_its_character) {
  EXPECT_EQ(from_windows_1252("\x84Gr\xFC\xDF"
                              "e\x93 \x80 \x9C \xFF A"),
            "„Grüße“ € œ ÿ A");
  EXPECT_EQ(from_windows_1252("\x81"), "\x81") << "stands for nothing";
}

}  // namespace
}  // namespace difflm
