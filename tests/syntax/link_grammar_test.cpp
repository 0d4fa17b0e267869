// Annotations of plain English: what they must agree with, what has none, and that they do not depend on earlier calls.
#include "difflm/syntax/link_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <locale.h>

#include "core/expect_error.h"
#include "difflm/corpora/builtin_corpus.h"
#include "difflm/syntax/link_grammar_phrasing.h"
#include "difflm/syntax/link_grammar_tags.h"
#include "difflm/syntax/link_grammar_tree.h"
#include "difflm/syntax/tree_spans.h"
#include "difflm/text/words.h"

namespace difflm::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

const std::vector<std::string> kTexts = {
    "The cafe is cheap.",
    "There is a place in the city centre, Alimentum, that is not family-friendly.",
    "It isn't cheap, but the owner's food costs £20-25!",
    "The Eagle is a kids friendly coffee shop near Burger King. It has a 5 out of 5 customer rating.",
    "They serve Chinese food and are located in city centre",
    "Browns Cambridge is non family-friendly and has a price range of £20-£25.",
};

TEST(LinkGrammarParser, LeavesAreTheWordsOfTheText) {
  LinkGrammarParser parser;
  for (const auto& text : kTexts) {
    const auto found = parser.annotate(text);
    ASSERT_TRUE(found) << text;
    const TreeSpans read = tree_spans(found->tree);
    EXPECT_EQ(read.words, split_words(text));
    EXPECT_EQ(read.tags, found->tags);
    EXPECT_THAT(found->tags, Not(Contains(""))) << text;
    EXPECT_EQ(read.spans.front(), (Span{"TEXT", 0, static_cast<int64_t>(read.words.size()) - 1}));
  }
}

TEST(LinkGrammarParser, KnowsSubjectPredicateAndTags) {
  const auto found = LinkGrammarParser().annotate("The cafe sells cheap food.");
  ASSERT_TRUE(found);
  EXPECT_THAT(found->tags, ElementsAre("DET", "NOUN", "VERB", "ADJ", "NOUN", "PUNCT"));
  const auto spans = tree_spans(found->tree).spans;
  EXPECT_THAT(spans, Contains(Span{"S", 0, 5}));
  EXPECT_THAT(spans, Contains(Span{"NP", 0, 1}));
  EXPECT_THAT(spans, Contains(Span{"VP", 2, 4}));
  EXPECT_THAT(spans, Contains(Span{"NP", 3, 4}));
}

TEST(LinkGrammarParser, EachSentenceIsUnderTheText) {
  LinkGrammarParser parser;
  const auto one = parser.annotate("The cafe is cheap.");
  const auto other = parser.annotate("It sells food!");
  const auto both = parser.annotate("The cafe is cheap. It sells food!");
  ASSERT_TRUE(one && other && both);
  const auto inside = [](const std::string& tree) { return tree.substr(6, tree.size() - 7); };  // of "(TEXT ...)"
  EXPECT_EQ(both->tree, "(TEXT " + inside(one->tree) + " " + inside(other->tree) + ")");
  EXPECT_TRUE(inside(one->tree).starts_with("(S ") && inside(other->tree).starts_with("(S "));
}

TEST(LinkGrammarParser, AuxiliariesAreToldFromVerbs) {
  LinkGrammarParser parser;
  const auto tag_of = [&](const std::string& text, size_t word) { return parser.annotate(text)->tags[word]; };
  EXPECT_EQ(tag_of("It has a rating.", 1), "VERB");
  EXPECT_EQ(tag_of("It has closed.", 1), "AUX");
  EXPECT_EQ(tag_of("It does not allow dogs.", 1), "AUX");
  EXPECT_EQ(tag_of("It is near to the park.", 3), "ADP");
  EXPECT_EQ(tag_of("It wants to close.", 2), "PART");
  EXPECT_EQ(tag_of("It's a cafe.", 0), "PRON");
}

TEST(LinkGrammarParser, WhatIsNoEnglishHasNoAnnotation) {
  LinkGrammarParser parser;
  std::string long_text = "It is";
  for (int i = 0; i < 70; ++i) long_text += " very";
  for (const auto& text :
       {std::string("the of and cafe"), std::string("The cafe is cheap. The of and cafe."), std::string("The restaurant are a."),
        std::string("It (the cafe) is cheap."), std::string("It is\ncheap."), std::string(""), std::string("..."), std::string("!"),
        long_text + " cheap."})
    EXPECT_FALSE(parser.annotate(text)) << text;
}

TEST(LinkGrammarParser, TheBuiltinCorpusIsEnglish) {
  LinkGrammarParser parser;
  int parsed = 0;
  for (const auto& document : BuiltinCorpus({100, 5}).parse("", "")) {
    const auto found = parser.annotate(document.text);
    if (!found) continue;
    ++parsed;
    EXPECT_EQ(tree_spans(found->tree).words, split_words(document.text));
  }
  EXPECT_GE(parsed, 60);
}

TEST(LinkGrammarParser, TheSameTextGivesTheSame) {
  // So many linkages that the library draws a sample of them.
  const std::string text =
      "The Eagle is a cheap coffee shop near the riverside with a rating of 5 out of 5 by the park in the city of food.";
  LinkGrammarParser parser;
  const auto first = parser.annotate(text);
  ASSERT_TRUE(first);
  for (const auto& other : kTexts) parser.annotate(other);
  EXPECT_EQ(parser.annotate(text)->tree, first->tree);
  EXPECT_EQ(LinkGrammarParser().annotate(text)->tree, first->tree);
}

TEST(LinkGrammarParser, SaysNothingAndLeavesTheLocale) {
  const std::string before = setlocale(LC_ALL, nullptr);
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  {
    LinkGrammarParser parser;
    for (const auto& text : kTexts) parser.annotate(text);
    parser.annotate("the of and caf\u00E9 \U0001F44D \u041F\u0440\u0438");
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(setlocale(LC_ALL, nullptr), before);
}

TEST(LinkGrammarParser, AMissingDictionaryIsNamed) {
  const std::string message = failure_message([] { LinkGrammarParser("/no/such/dictionary"); });
  EXPECT_NE(message.find("/no/such/dictionary"), std::string::npos);
  EXPECT_NE(message.find("apt-get install link-grammar-dictionaries-en"), std::string::npos);
}

TEST(TreeOfConstituents, DropsEmptyAndRepeatedNodes) {
  const std::vector<std::string> leaves = {"(PRON it's)", "", "(ADJ cheap)", "(PUNCT .)"};
  EXPECT_EQ(tree_of_constituents("(S (NP it) (VP (PP 's.v) (ADJP (ADJP cheap.a))) .)", leaves),
            "(S (NP (PRON it's)) (VP (ADJP (ADJ cheap))) (PUNCT .))");
  EXPECT_EQ(tree_of_constituents("(NP a b c) d", leaves), "(S (NP (PRON it's) (ADJ cheap)) (PUNCT .))");
  for (const auto* wrong : {"(S a b c)", "(S a b c d e)", "(S a b c d", "S a b c d)", "( a b c d)"})
    EXPECT_FALSE(tree_of_constituents(wrong, leaves)) << wrong;
}

TEST(KnownPhrasing, CoversTheWords) {
  const auto texts_of = [](const std::string& text) {
    const auto words = split_words(text);
    const Phrasing phrasing = known_phrasing(words);
    std::vector<std::string> texts;
    size_t next = 0;
    for (const auto& phrase : phrasing) {
      EXPECT_EQ(phrase.first, next);
      next += phrase.count;
      texts.push_back(phrase.text);
    }
    EXPECT_EQ(next, words.size());
    return texts;
  };
  EXPECT_THAT(texts_of("a kid friendly pub"), ElementsAre("a", "friendly", "pub"));
  EXPECT_THAT(texts_of("an 8 out of 10 rating of 5 out of 5"),
              ElementsAre("an", "excellent", "reputation", "of", "5", "out", "of", "5"));
  EXPECT_THAT(texts_of("They are cheap and are near"), ElementsAre("They", "were", "cheap", "and", "were", "near"));
  EXPECT_THAT(texts_of("It has food and are cheap"), ElementsAre("It", "has", "food", "and", "are", "cheap"));
  EXPECT_THAT(texts_of("The Phoenix has the Chinese food of Browns Cambridge"),
              ElementsAre("The", "Eagle", "has", "the", "Chinese", "food", "of", "Brown", "Cambridge"));
  EXPECT_THAT(texts_of("costs £20 - £25"), ElementsAre("costs", "£20"));
}

TEST(UniversalTag, GoesByListThenSubscriptThenForm) {
  EXPECT_EQ(universal_tag("near.v", "near", false), "ADP");
  EXPECT_EQ(universal_tag("coffee.n-u", "coffee", false), "NOUN");
  EXPECT_EQ(universal_tag("Alimentum[!]", "Alimentum", false), "PROPN");
  EXPECT_EQ(universal_tag("kid-friendly[!].e", "kid-friendly", false), "ADJ");
  EXPECT_EQ(universal_tag("that.j-c", "that", false), "SCONJ");
  EXPECT_EQ(universal_tag("highly", "highly", false), "ADV");
  EXPECT_EQ(universal_tag("5.00", "5.00", false), "NUM");
  EXPECT_EQ(universal_tag("...", "...", false), "PUNCT");
  EXPECT_EQ(universal_tag("qwx", "qwx", false), "X");
}

}  // namespace
}  // namespace difflm::test
