#include "difflm/tokenizers/spaced_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "difflm/text/utf8.h"
#include "tokenizers/random_text.h"

namespace difflm {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> chunks_of_spaced(const std::string& text) {
  std::vector<std::string> chunks;
  for_each_spaced_chunk(to_spaced(text), [&](const SpacedChunk& chunk) { chunks.emplace_back(chunk.text); });
  return chunks;
}

// A text of code points from all over Unicode, every second one from the kinds that spacing depends on.
std::string random_code_points(RandomStream& stream) {
  static const std::vector<int32_t> kDelicate = {
      ' ',    ' ',    ' ',    '\n',   '\r',   '\t',   '-',    '-',    '/',    '.',    '"',    '\'',   '(',     ')',     '#',
      '$',    '*',    'a',    'B',    '7',    0xA0,   0xAD,   0x85,   0xA1,   0xAB,   0xBB,   0x300,  0x308,   0x640,   0x661,
      0x915,  0x93C,  0x964,  0xE01,  0xE34,  0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2014, 0x2018, 0x2019,  0x201C,  0x201D,
      0x201E, 0x2028, 0x202F, 0x2060, 0x20AC, 0x3000, 0x3001, 0x3042, 0x4E00, 0xAC00, 0xFE0F, 0xFEFF, 0x1F469, 0x1F3FD, 0x1F1E9};
  std::string text;
  for (uint64_t left = stream.below(40); left > 0; --left) {
    auto point = kDelicate[stream.below(kDelicate.size())];
    if (stream.below(4) == 0) {
      do point = static_cast<int32_t>(stream.below(0x110000));
      while (point >= 0xD800 && point < 0xE000);
    }
    append_code_point(text, point);
  }
  return text;
}

TEST(SpacedText, writes_the_space_that_a_word_at_a_line_start_or_after_an_opening_mark_has_elsewhere) {
  EXPECT_EQ(to_spaced("The end.\nThe end"), " The end.\n The end");
  EXPECT_EQ(to_spaced("\"Well-known,\" (he said)"), " \" Well- known,\" ( he said)");
  EXPECT_EQ(to_spaced("it costs $5.50 or \u00A34"), " it costs $ 5.50 or \u00A3 4");
  EXPECT_EQ(to_spaced("\u201EGuten Tag\u201C, sagte sie"), " \u201E Guten Tag\u201C, sagte sie");
  EXPECT_EQ(to_spaced("rain\u2014snow - and/or hail--ice"), " rain\u2014 snow - and/ or hail-- ice");
}

TEST(SpacedText, writes_none_in_scripts_without_spaces) {
  EXPECT_EQ(to_spaced("\u4F60\u597D\n\u4F60\u597D"), "\u4F60\u597D\n\u4F60\u597D");
  EXPECT_EQ(to_spaced("\u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35"), "\u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35");
}

TEST(SpacedText, comes_back_as_it_was_written) {
  std::vector<std::string> texts = test::nasty_texts();
  for (uint64_t i = 0; i < 40000; ++i) {
    RandomStream stream(1, "spaced", i);
    texts.push_back(i % 2 == 0 ? test::random_text(stream) : random_code_points(stream));
  }
  for (const auto& raw : texts) {
    const std::string text = to_valid_utf8(raw);
    ASSERT_EQ(from_spaced(to_spaced(text)), text) << text;
    ASSERT_TRUE(is_valid_utf8(from_spaced(text)));
    std::string together;
    for (const auto& chunk : chunks_of_spaced(text)) {
      ASSERT_FALSE(chunk.empty());
      ASSERT_TRUE(is_valid_utf8(chunk));
      std::string parts;
      for (const auto part : parts_of_spaced_word(chunk)) parts += part;
      ASSERT_EQ(parts, chunk);
      together += chunk;
    }
    ASSERT_EQ(together, to_spaced(text)) << text;
  }
}

TEST(SpacedChunks, are_words_with_their_space) {
  EXPECT_THAT(chunks_of_spaced("The boys' room isn't far: 5.50 (or 1,000)..."),
              ElementsAre(" The", " boys", "'", " room", " isn't", " far", ":", " 5.50", " (", " or", " 1,000", ")", "..."));
  EXPECT_THAT(chunks_of_spaced("At 5 p.m. in C# and C++"),
              ElementsAre(" At", " 5", " p.m", ".", " in", " C", "#", " and", " C", "++"));
  EXPECT_THAT(chunks_of_spaced("a well-known  x\t\n\n  y"),
              ElementsAre(" a", " well- known", " ", " x", "\t", "\n", "\n", "  ", " y"));
}

TEST(SpacedChunks, keep_marks_joiners_and_emoji_whole) {
  EXPECT_THAT(chunks_of_spaced("e\u0301te\u0301 co\u00ADop \u0646\u0645\u06CC\u200C\u0634\u0648\u062F"),
              ElementsAre(" e\u0301te\u0301", " co\u00ADop", " \u0646\u0645\u06CC\u200C\u0634\u0648\u062F"));
  EXPECT_THAT(chunks_of_spaced("\u0928\u092E\u0938\u094D\u0924\u0947\u0964"),
              ElementsAre(" \u0928\u092E\u0938\u094D\u0924\u0947", "\u0964"));
  EXPECT_THAT(chunks_of_spaced("yes \U0001F469\u200D\U0001F467!"), ElementsAre(" yes", " \U0001F469\u200D\U0001F467", "!"));
}

TEST(SpacedChunks, are_runs_in_scripts_without_spaces) {
  EXPECT_THAT(chunks_of_spaced("\u6211\u7231AI \u6A21\u578B\u3002"),
              ElementsAre("\u6211\u7231", "AI", " ", "\u6A21\u578B", "\u3002"));
}

TEST(SpacedWordParts, come_apart_at_hyphens_apostrophes_and_stops) {
  EXPECT_THAT(parts_of_spaced_word(" Zebulun's"), ElementsAre(" Zebulun", "'s"));
  EXPECT_THAT(parts_of_spaced_word(" son- in- law's"), ElementsAre(" son", "-", " in", "-", " law", "'s"));
  EXPECT_THAT(parts_of_spaced_word(" 10:30"), ElementsAre(" 10", ":", "30"));
  EXPECT_THAT(parts_of_spaced_word(" plain"), ElementsAre(" plain"));
  EXPECT_THAT(parts_of_spaced_word("--"), ElementsAre("--"));
}

}  // namespace
}  // namespace difflm
