// Plain texts are divided as they are meant: by lines, by blank lines, at marks, or not at all.
#include "difflm/corpora/text_layout.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "difflm/core/random.h"
#include "difflm/corpora/corpus.h"

namespace difflm::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string repeated(int count, const std::string& pattern) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format(fmt::runtime(pattern), i);
  return text;
}

std::string mode_of(const std::string& text, const std::string& path = "x") { return find_text_layout(text, path).mode; }

// Paragraphs of different lengths, filled to 70 characters a line as books are.
std::string wrapped_prose(size_t paragraphs, const std::string& between) {
  const std::vector<std::string> words = {"it",     "is",  "a",  "truth",      "universally", "acknowledged", "that",
                                          "single", "man", "in", "possession", "of",          "good",         "fortune"};
  std::string text;
  RandomStream random(1, "words", 0);
  for (size_t i = 0; i < paragraphs; ++i) {
    size_t width = 0;
    for (size_t k = 0; k < 40 + i % 30; ++k) {
      const std::string& word = words[random.below(words.size())];
      const bool fits = width + 1 + word.size() <= 70;
      text += (width == 0 ? "" : fits ? " " : "\n") + word;
      width = fits && width > 0 ? width + 1 + word.size() : word.size();
    }
    text += "." + between;
  }
  return text;
}

std::string lines_of_even_length() {
  std::string text;
  RandomStream random(1, "lines", 0);
  for (int i = 0; i < 300; ++i) {
    for (int k = 0; k < 13; ++k) text += std::string(1 + random.below(8), 'a') + (k == 12 ? "\n" : " ");
  }
  return text;
}

TEST(TextLayout, LinesParagraphsAndStreams) {
  EXPECT_EQ(mode_of(repeated(50, "Anna came back {} times with bread and a book.\n")), "line");
  EXPECT_EQ(mode_of(repeated(50, "anna {}\n")), "line");
  EXPECT_EQ(mode_of(repeated(50, "Anna came back {} times.\n\n")), "line");  // a blank line after every line
  EXPECT_EQ(mode_of(repeated(20, "The river runs {}\nAnd the night is long,\nAnd nothing stirs\nBut a song.\n\n")), "paragraph");
  EXPECT_EQ(mode_of(wrapped_prose(60, "\n\n")), "paragraph");
  EXPECT_EQ(mode_of(wrapped_prose(60, "\n")), "stream");
  EXPECT_EQ(mode_of(lines_of_even_length()), "line");  // without full stops, but they end where they end
  EXPECT_EQ(mode_of(repeated(90, "Anna went to the market on the first morning of week {}\n")), "line");  // of one length
  EXPECT_EQ(mode_of(repeated(400, "river stone {} ")), "stream");                                         // one line
  EXPECT_EQ(mode_of(repeated(40, "int f{}() {{\n  return 0;\n}}\n\n"), "x.cpp"), "stream");
}

std::vector<std::string> texts_of_file(const std::string& text, const std::string& toml = "") {
  Config config;
  config.read_toml(toml, "test.toml");
  std::vector<std::string> texts;
  for (const auto& document : corpora().make("txt", config)->parse("x", text)) texts.push_back(document.text);
  return texts;
}

TEST(TextLayout, MarksEndTexts) {
  for (const std::string mark : {"<|endoftext|>", "</s>", "---", "* * *", "###", "%%", "%", "=====", "<|story|>"}) {
    const auto texts = texts_of_file(repeated(8, "Day {} began.\n\nIt rained - a lot.\n" + mark + "\n"));
    ASSERT_EQ(texts.size(), 8U) << mark;
    EXPECT_EQ(texts[3], "Day 3 began.\n\nIt rained - a lot.") << mark;
  }
  EXPECT_THAT(texts_of_file(repeated(6, "Day {}.<|endoftext|>")), Contains("Day 3."));
  EXPECT_THAT(texts_of_file(repeated(6, "<s> Day {}. </s>\n")), Contains("Day 3."));
}

TEST(TextLayout, AMarkCanBeGiven) {
  EXPECT_THAT(texts_of_file("one @@ two @@ three", "[data.txt]\ndelimiter = '@@'"), ElementsAre("one", "two", "three"));
  EXPECT_THAT(texts_of_file("one --- still one\n---\ntwo\n", "[data.txt]\ndelimiter = '---'"),
              ElementsAre("one --- still one", "two"));
  EXPECT_THAT(texts_of_file("one --- two", "[data.txt]\ndelimiter = '---'"), ElementsAre("one", "two"));
}

TEST(TextLayout, WhereTheModeIsSetAMarkIsOnlyNoted) {
  Config config;
  config.read_toml("[data.txt]\nmode = 'line'", "test.toml");
  ReadingLog log;
  size_t count = 0;
  corpora()
      .make("txt", config)
      ->read(
          "x", repeated(8, "Day {}.\n<|endoftext|>\n"), [&](Document&&) { ++count; }, log);
  EXPECT_EQ(count, 16U);
  EXPECT_THAT(log.notes(), Contains(HasSubstr("data.txt.delimiter=\"<|endoftext|>\" would end texts there")));
}

TEST(TextLayout, AFewRulersAreNoMarks) { EXPECT_EQ(find_text_layout("---\ntitle: x\n---\nSome text.\n", "x").delimiter, ""); }

}  // namespace
}  // namespace difflm::test
