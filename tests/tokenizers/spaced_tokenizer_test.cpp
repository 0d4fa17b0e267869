#include "difflm/tokenizers/spaced_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "tokenizers/trained_tokenizer.h"

namespace difflm {
namespace {

using test::knows_all;
using test::nasty_and_random;
using test::Texts;
using test::trained;
using ::testing::ElementsAre;

std::vector<std::string> pieces_of(const Tokenizer& tokenizer, const std::string& text) {
  std::vector<std::string> pieces;
  for (const Token token : tokenizer.encode(text)) pieces.push_back(tokenizer.piece(token));
  return pieces;
}

TEST(SpacedTokenizer, loses_nothing_and_knows_everything) {
  const auto small = trained("spaced");
  const auto none = trained("spaced", "", {});
  const auto tight = trained("spaced", "[data.spaced]\nvocab_size = 260\n");
  for (const auto& text : nasty_and_random(7, 2000)) {
    for (const auto* tokenizer : {&small, &none, &tight}) {
      const auto tokens = (*tokenizer)->encode(text);
      ASSERT_TRUE(knows_all(tokens));
      ASSERT_EQ((*tokenizer)->decode(tokens), to_valid_utf8(text));
    }
  }
}

TEST(SpacedTokenizer, a_frequent_word_is_one_token_wherever_it_stands) {
  const Texts texts(5, "The cat.\nThe cat (The cat) \"The cat\" don't.");
  const auto tokenizer = trained("spaced", "", texts);
  EXPECT_THAT(pieces_of(*tokenizer, "The cat"), ElementsAre(" The", " cat"));
  EXPECT_THAT(pieces_of(*tokenizer, "cat\nThe (cat) don't"), ElementsAre(" cat", "\n", " The", " (", " cat", ")", " don't"));
}

TEST(SpacedTokenizer, rare_words_have_pieces_and_linked_ones_fall_into_words) {
  Texts texts(5, "the Eagle and the Crown.");
  texts.push_back("the Eagle's Crown-Eagle");
  for (int i = 0; i < 2; ++i) texts.push_back("unhappiness unhappily unhappier unhappiest");
  const auto tokenizer = trained("spaced", "", texts);
  EXPECT_THAT(pieces_of(*tokenizer, "Eagle's"), ElementsAre(" Eagle", "'", "s"));
  EXPECT_THAT(pieces_of(*tokenizer, "Crown-Eagle"), ElementsAre(" Crown", "-", " Eagle"));
  EXPECT_EQ(pieces_of(*tokenizer, "unhappiness").front(), " unhappi");
}

TEST(SpacedTokenizer, knows_the_words_of_its_texts_and_keeps_them) {
  Texts texts(5, "the cat, the cat");
  for (int i = 0; i < 2; ++i) texts.push_back("unhappy unhappily");
  const auto tokenizer = trained("spaced", "", texts);
  std::map<std::string, int64_t> counts;
  for (const auto& word : tokenizer->known_words()) counts[tokenizer->decode(word.tokens)] = word.count;
  EXPECT_EQ(counts["cat"], 1) << "a token by itself: not counted";
  EXPECT_EQ(counts["unhappy"], 2);
  EXPECT_EQ(counts["unhappily"], 2);
  EXPECT_FALSE(counts.contains("unhapp"));
  const auto again = load_tokenizer(tokenizer->to_json(), "test");
  EXPECT_EQ(again->known_words().size(), tokenizer->known_words().size());
  Json old = tokenizer->to_json();
  old.erase("spelled");
  EXPECT_TRUE(load_tokenizer(old, "test")->known_words().empty()) << "saved before they were kept";
}

TEST(SpacedTokenizer, never_needs_more_ids_than_it_may_have) {
  Texts texts;
  for (int i = 0; i < 2000; ++i) texts.push_back("word" + std::to_string(i % 700) + " \u4F60\u597D" + std::to_string(i % 90));
  for (const int64_t size : {260, 261, 300, 600, 1500}) {
    const auto tokenizer = trained("spaced", "[data.spaced]\nvocab_size = " + std::to_string(size) + "\n", texts);
    EXPECT_LE(tokenizer->size(), size);
  }
}

// A character of several bytes is one symbol to begin with, so that a piece is hardly ever a part of one.
TEST(SpacedTokenizer, pieces_of_other_scripts_are_characters_and_more) {
  const Texts texts(5, "\u5496\u5561\u9986\u5F88\u5B89\u9759\uFF0C\u5496\u5561\u5F88\u597D\u3002");
  const auto tokenizer = trained("spaced", "", texts);
  for (const auto& piece : pieces_of(*tokenizer, "\u9986\u5F88\u597D\uFF0C\u5496\u5561\u3002"))
    EXPECT_TRUE(is_valid_utf8(piece) && piece[0] != '<') << piece;
  EXPECT_THAT(pieces_of(*tokenizer, "\u5496\u5561"), ElementsAre("\u5496\u5561"));
}

}  // namespace
}  // namespace difflm
