#include "difflm/text/utf8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "tokenizers/random_text.h"

namespace difflm {
namespace {

using test::usage_message;
using ::testing::HasSubstr;

TEST(Utf8, valid_and_invalid_sequences_of_the_standard) {
  for (const std::string text : {"", "abc", "\u00E9", "\u20AC", "\U0001F600", "\U0010FFFF", "\uD7FF", "\uE000"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  }
  for (const std::string text : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                 "\xF8\x88\x80\x80\x80", "a\xE2\x82", "\xFF"}) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

TEST(Utf8, each_invalid_byte_becomes_one_replacement_character_and_is_counted) {
  size_t invalid = 0;
  EXPECT_EQ(to_valid_utf8("a\xFF\xE2\x82z", &invalid), "a\uFFFD\uFFFD\uFFFDz");
  EXPECT_EQ(invalid, 3U);
  EXPECT_EQ(to_valid_utf8("\u00E9", &invalid), "\u00E9");
  EXPECT_EQ(invalid, 3U);
}

TEST(Utf8, repairing_gives_valid_text_and_leaves_it_alone_afterwards) {
  for (uint64_t i = 0; i < 2000; ++i) {
    RandomStream stream(1, "bytes", i);
    std::string bytes;
    for (uint64_t k = stream.below(12); k > 0; --k) bytes += static_cast<char>(stream.below(256));
    const std::string valid = to_valid_utf8(bytes);
    ASSERT_TRUE(is_valid_utf8(valid));
    ASSERT_EQ(to_valid_utf8(valid), valid);
  }
}

TEST(Utf8, every_newline_becomes_a_line_feed) { EXPECT_EQ(unify_newlines("a\r\nb\rc\nd\r\r\n\n\r"), "a\nb\nc\nd\n\n\n\n"); }

TEST(CleanText, drops_byte_order_marks_at_the_start_of_lines_where_joined_files_have_them) {
  TextRepairs repairs;
  EXPECT_EQ(clean_text("\uFEFFa\uFEFF\r\n\uFEFF\uFEFFb\n", "x", &repairs), "a\uFEFF\nb\n");
  EXPECT_EQ(repairs.byte_order_marks, 3U);
  EXPECT_EQ(repairs.invalid_bytes, 0U);
}

TEST(CleanText, leaves_the_invisible_characters_of_a_text_alone) {
  const std::string text =
      "exam\u00ADple \u0645\u06CC\u200C\u062E zero\u200Bwidth \u200Fmark\u200E \u0915\u094D\u200D\u0937 joined\uFEFF.\n";
  EXPECT_EQ(clean_text(text, "x"), text);
}

TEST(CleanText, a_nul_byte_is_a_binary_file_with_its_line) {
  const auto message = usage_message([] { clean_text(std::string("a\nb\0c", 5), "x.txt"); });
  EXPECT_THAT(message, HasSubstr("x.txt:2"));
  EXPECT_THAT(message, HasSubstr("binary"));
}

TEST(CleanText, reads_utf16_with_its_mark) {
  EXPECT_EQ(clean_text(std::string("\xFF\xFE"
                                   "a\0\r\0\n\0\xE9\0\x3D\xD8\x00\xDE\x3D\xD8z\0",
                                   18),
                       "x.txt"),
            "a\n\u00E9\U0001F600\uFFFDz");
  EXPECT_EQ(clean_text(std::string("\xFE\xFF\0a\0b", 6), "x.txt"), "ab");
}

TEST(Compose, gives_one_spelling_to_one_letter) {
  EXPECT_EQ(compose("e\u0301"), "\u00E9");
  EXPECT_EQ(compose("\u1100\u1161\u11A8"), "\uAC01");
  EXPECT_EQ(compose("\uFB01"), "\uFB01");  // compatibility characters stay: this is NFC, not NFKC
  EXPECT_EQ(compose(std::string("\u00E9\0z", 4)), std::string("\u00E9\0z", 4));
}

TEST(IsBlank, knows_unicode_white_space) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\n\r\u00A0\u2003\u2028\u3000\u0085"));
  EXPECT_FALSE(is_blank(" x "));
  EXPECT_FALSE(is_blank("\u200B"));  // the zero-width space is a format character
}

}  // namespace
}  // namespace difflm
