#include "difflm/text/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "difflm/text/utf8.h"
#include "tokenizers/random_text.h"

namespace difflm {
namespace {

using ::testing::ElementsAre;
using Words = std::vector<std::string>;

std::string normalised(const std::string& text) { return join_words(split_words(text)); }

TEST(SplitWords, takes_punctuation_off_and_keeps_case) {
  EXPECT_THAT(split_words("There is a place, Alimentum."), ElementsAre("There", "is", "a", "place", ",", "Alimentum", "."));
  EXPECT_THAT(split_words("(yes)[no]!?"), ElementsAre("(", "yes", ")", "[", "no", "]", "!", "?"));
}

TEST(SplitWords, keeps_contractions_hyphens_and_numbers_whole) {
  EXPECT_THAT(split_words("don't rock'n'roll it\u2019s"), ElementsAre("don't", "rock'n'roll", "it\u2019s"));
  EXPECT_THAT(split_words("family-friendly -x- end-"), ElementsAre("family-friendly", "-", "x", "-", "end", "-"));
  EXPECT_THAT(split_words("5.00 1,000 10:30 24/7 5. 3.x 1,a"),
              ElementsAre("5.00", "1,000", "10:30", "24/7", "5", ".", "3", ".", "x", "1", ",", "a"));
  EXPECT_THAT(split_words("£20-25 £20-£25 $5.00 20€ $x 20%"),
              ElementsAre("£20-25", "£20-£25", "$5.00", "20", "€", "$", "x", "20", "%"));
}

TEST(SplitWords, an_apostrophe_at_the_edge_is_a_quote_unless_it_is_a_known_elision) {
  EXPECT_THAT(split_words("'hello' dogs' x"), ElementsAre("'", "hello", "'", "dogs", "'", "x"));
  EXPECT_THAT(split_words("'Tis i' the o'er 'em, 'tissue'"),
              ElementsAre("'Tis", "i'", "the", "o'er", "'em", ",", "'", "tissue", "'"));
}

TEST(SplitWords, runs_of_stops_and_dashes_stay_together) {
  EXPECT_THAT(split_words("wait... she--God -- a..b!!"),
              ElementsAre("wait", "...", "she", "--", "God", "--", "a", "..", "b", "!", "!"));
}

TEST(SplitWords, a_line_feed_is_a_word_and_other_space_is_none) {
  EXPECT_THAT(split_words("a\n\n b\t\u00A0c\u2028"), ElementsAre("a", "\n", "\n", "b", "c"));
}

TEST(SplitWords, other_scripts_and_emoji) {
  EXPECT_THAT(split_words("caf\u00E9 e\u0301t\u00E9"), ElementsAre("caf\u00E9", "\u00E9t\u00E9"));
  EXPECT_THAT(split_words("\U0001F469\u200D\U0001F467x\U0001F44D\U0001F3FD\U0001F44D"),
              ElementsAre("\U0001F469\u200D\U0001F467", "x", "\U0001F44D\U0001F3FD", "\U0001F44D"));
  EXPECT_THAT(split_words("\u041F\u0440\u0438\u0432\u0435\u0442, \u043C\u0438\u0440"),
              ElementsAre("\u041F\u0440\u0438\u0432\u0435\u0442", ",", "\u043C\u0438\u0440"));
}

TEST(SplitWords, every_character_of_a_script_without_spaces_is_a_word) {
  EXPECT_THAT(split_words("\u6211\u7231AI\u3002"), ElementsAre("\u6211", "\u7231", "AI", "\u3002"));
  EXPECT_THAT(split_words("\u0E01\u0E33 x\u0E01"), ElementsAre("\u0E01\u0E33", "x", "\u0E01"));
  EXPECT_THAT(split_words("\u304B\u3099 \u30AB\u30FC"), ElementsAre("\u304C", "\u30AB", "\u30FC"));
}

TEST(SplitWords, special_pieces_typed_by_a_user_come_apart) { EXPECT_THAT(split_words("<pad>"), ElementsAre("<", "pad", ">")); }

TEST(JoinWords, spaces_as_a_writer_would) {
  for (const std::string text : {
           "There is a place in the city centre, Alimentum, that is not family-friendly.",
           "It's cheap (less than £20) and rated 5 out of 5!",
           "\"Come in,\" she said; 'why not?'",
           "He left... Why? 20% of it: none.",
           "One line.\nAnd \"another\n\"third\" one.",
           "Nay, 'tis true: i' the end, say 'no'.",
           "[a] {b} \u201Cc\u201D \u00ABd\u00BB #1 @home",
           "It ends so.'",
           "His parents' house, and the boys' room was the girls' room; he says 'we come'.",
           "By faith of hearts 'We thank the gods",
           "The train leaves at 5 p.m. from the U.S. embassy, e.g. with a Ph.D. on board.",
           "They opened in the '90s and closed in the '00s.",
           "A fine of .5 percent is due.",
           "He wrote it in C# and C++ at AT&T. #1 and 1 + 1",
           "Nice to see you :) (see: it)",
           "\u201EGuten Tag\u201C, sagte sie. \u201EHalt!\u201C und \u00BBJa\u00AB, \u00ABoui\u00BB.",
           "\u0645\u0631\u062D\u0628\u0627\u060C \u0643\u064A\u0641 \u062D\u0627\u0644\u0643\u061F",
           "\u0928\u092E\u0938\u094D\u0924\u0947\u0964 \u0906\u092A \u0915\u0948\u0938\u0947 \u0939\u0948\u0902?",
           "\u6211\u7231AI\u6A21\u578B\uFF0C\u201C\u4F60\u597D\u201D\u3002",
           "co\u00ADop \u0646\u0645\u06CC\u200C\u0634\u0648\u062F \u200Fright\u200E",
       }) {
    EXPECT_EQ(normalised(text), text);
  }
}

TEST(JoinWords, says_the_normal_form_of_untidy_text) {
  EXPECT_EQ(normalised("  children-friendly , with\t an ( average )rating .  "), "children-friendly, with an (average) rating.");
  EXPECT_EQ(normalised("a \n b"), "a\nb");
  EXPECT_EQ(normalised("and/or x--y"), "and / or x -- y");
}

TEST(JoinWords, keeps_the_space_where_gluing_would_change_the_words) {
  EXPECT_EQ(normalised(". ."), ". .");
  EXPECT_EQ(normalised("5 . 00"), "5. 00");
  EXPECT_EQ(normalised("' tis"), "' tis");
  EXPECT_EQ(normalised("# \u0301x"), "# \u0301x");
  EXPECT_EQ(join_words(Words{"<unk>", "."}), "<unk> .");
}

TEST(JoinWords, splitting_again_gives_the_same_words) {
  std::vector<std::string> texts = test::nasty_texts();
  for (uint64_t i = 0; i < 30000; ++i) {
    RandomStream stream(1, "words", i);
    texts.push_back(test::random_text(stream));
  }
  for (const auto& text : texts) {
    const auto words = split_words(text);
    const auto joined = join_words(words);
    ASSERT_EQ(split_words(joined), words) << text << "\n" << joined;
    ASSERT_EQ(normalised(joined), joined) << text;
    ASSERT_TRUE(is_valid_utf8(joined));
  }
}

// Nothing but white space is ever lost.
TEST(SplitWords, every_character_is_in_some_word) {
  for (uint64_t i = 0; i < 5000; ++i) {
    RandomStream stream(2, "words", i);
    const std::string text = compose(to_valid_utf8(test::random_text(stream)));
    std::string expected;
    for (size_t at = 0; at < text.size();) {
      const auto point = code_point_at(text, at);
      if (!is_space(point.value) || point.value == '\n') expected += text.substr(at, point.length);
      at += point.length;
    }
    std::string together;
    for (const auto& word : split_words(text)) together += word;
    ASSERT_EQ(together, expected) << text;
  }
}

}  // namespace
}  // namespace difflm
