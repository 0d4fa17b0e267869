#include "difflm/steering/infill_pattern.h"

#include <gtest/gtest.h>

namespace difflm {
namespace {

// Parts as text: given ones in angle brackets.
std::string shown(const std::string& wish) {
  std::string result;
  for (const auto& part : read_infill(wish)) {
    using Kind = InfillPart::Kind;
    result += part.kind == Kind::word ? "_" : part.kind == Kind::words ? "*" : "<" + part.text + ">";
  }
  return result;
}

TEST(ReadInfill, placeholders_stand_beside_spaces_and_punctuation) {
  EXPECT_EQ(shown("The _ is * ."), "<The>_< is>*< .>");
  EXPECT_EQ(shown("a place called _ _."), "<a place called>__<.>");
  EXPECT_EQ(shown("a _, _ cafe"), "<a>_<,>_< cafe>");
  EXPECT_EQ(shown("\"_ (_)\" *!"), "<\">_< (>_<)\">*<!>");
  EXPECT_EQ(shown("  the\t cafe \n _ "), "<the cafe>_");
  EXPECT_EQ(shown("\u4ED6\u5728_\u559D\u8336"), "<\u4ED6\u5728>_<\u559D\u8336>");
}

TEST(ReadInfill, knows_other_ways_to_write_them) {
  EXPECT_EQ(shown("the ___ is"), "<the>_< is>");
  EXPECT_EQ(shown("the [MASK] is <mask>."), "<the>_< is>_<.>");
  EXPECT_EQ(shown("** the"), "*< the>");
}

TEST(ReadInfill, leaves_what_is_none) {
  EXPECT_EQ(shown("a snake_case and 2*3, **bold** _x_"), "<a snake_case and 2*3, **bold** _x_>");
  EXPECT_EQ(shown("\\_ and \\*, \\__ _"), "<_ and *, __>_");
  EXPECT_EQ(shown("wait ... _"), "<wait ...>_");
}

TEST(ReadInfill, of_nothing_is_empty) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("  \n"), "");
}

}  // namespace
}  // namespace difflm
