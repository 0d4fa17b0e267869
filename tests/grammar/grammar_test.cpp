#include "difflm/grammar/grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <sstream>

#include "difflm/core/error.h"

namespace difflm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using Words = std::vector<std::string>;

Words words(const std::string& text) {
  std::istringstream stream(text);
  Words result;
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

std::string joined(const Words& list) {
  std::string result;
  for (const auto& word : list) result += (result.empty() ? "" : " ") + word;
  return result;
}

// 2 numbers x (1 + 1 adjective) x 2 nouns = 8 sentences.
const char* const kAgreement = R"(
feature n = sg pl
start S
S =
  1 NP[n] VP[n] ./PUNCT
NP[n] =
  1 the/DET ADJ?0.25 _noun[n]
ADJ =
  1 old/ADJ {age=$}
words _noun[n=sg] NOUN {animal=$}: cat, dog
words _noun[n=pl] NOUN: cats{animal=cat}, dogs{animal=dog}
VP[n=sg] =
  1 sleeps/VERB
VP[n=pl] =
  1 sleep/VERB
)";

TEST(Grammar, GeneratesExactlyItsLanguage) {
  const Grammar grammar(kAgreement, "test");
  std::set<std::string> seen;
  RandomStream random(7);
  for (int i = 0; i < 500; ++i) seen.insert(joined(grammar.generate(random).words));
  EXPECT_THAT(seen, ElementsAre("the cat sleeps .", "the cats sleep .", "the dog sleeps .", "the dogs sleep .",
                                "the old cat sleeps .", "the old cats sleep .", "the old dog sleeps .", "the old dogs sleep ."));
}

// Every string of up to 5 words over the vocabulary: accepted if and only if it is one of the 8.
TEST(Grammar, AcceptsExactlyItsLanguage) {
  const Grammar grammar(kAgreement, "test");
  const Words vocabulary = {"the", "old", "cat", "cats", "dog", "dogs", "sleeps", "sleep", "."};
  size_t accepted = 0;
  Words text;
  const std::function<void()> visit = [&] {
    accepted += grammar.accepts(text);
    if (text.size() == 5) return;
    for (const auto& word : vocabulary) {
      text.push_back(word);
      visit();
      text.pop_back();
    }
  };
  visit();
  EXPECT_EQ(accepted, 8u);
  EXPECT_FALSE(grammar.accepts(words("the cat sleep .")));
  EXPECT_FALSE(grammar.accepts(words("the cat sleeps")));
  EXPECT_FALSE(grammar.accepts(words("the bird sleeps .")));
  EXPECT_FALSE(grammar.accepts(words("The cat sleeps .")));  // no capitals without the directive
  EXPECT_FALSE(grammar.accepts(words("")));
}

TEST(Grammar, ParseGivesTagsTreeAttributesAndProbability) {
  const Grammar grammar(kAgreement, "test");
  const auto parsed = grammar.parse(words("the old dogs sleep ."));
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->tags, ElementsAre("DET", "ADJ", "NOUN", "VERB", "PUNCT"));
  EXPECT_EQ(parsed->tree, "(S (NP (DET the) (ADJ (ADJ old)) (NOUN dogs)) (VP (VERB sleep)) (PUNCT .))");
  EXPECT_THAT(parsed->attributes, ElementsAre(Pair("age", "old"), Pair("animal", "dog")));
  // n = pl 1/2, the adjective 1/4, the second of two nouns (1/3) / (1/2 + 1/3) = 2/5.
  EXPECT_NEAR(parsed->log_probability, std::log(0.5 * 0.25 * 0.4), 1e-12);
  EXPECT_EQ(grammar.rules(), 7u);
}

TEST(Grammar, WeightsAreFrequencies) {
  const Grammar grammar("start S\nS =\n  3 a/X\n  1 b/X\n", "test");
  int count = 0;
  RandomStream random(3);
  for (int i = 0; i < 20000; ++i) count += grammar.generate(random).words[0] == "a";
  EXPECT_NEAR(count / 20000.0, 0.75, 0.0125);  // four standard deviations
}

TEST(Grammar, AmbiguityTakesTheMoreProbableTree) {
  const std::string rules =
      "start S\nS =\n  1 NP saw/VERB NP\n  W VP\nVP =\n  1 NP saw/VERB NP PP\nNP =\n  4 men/NOUN\n  1 NP PP\nPP =\n  1 with/ADP "
      "NP\n";
  const auto with = [&](const std::string& weight) {
    std::string text = rules;
    text.replace(text.find('W'), 1, weight);
    return Grammar(text, "test").parse(words("men saw men with men"))->tree;
  };
  EXPECT_EQ(with("9"), "(S (VP (NP (NOUN men)) (VERB saw) (NP (NOUN men)) (PP (ADP with) (NP (NOUN men)))))");
  EXPECT_EQ(with("0.1"), "(S (NP (NOUN men)) (VERB saw) (NP (NP (NOUN men)) (PP (ADP with) (NP (NOUN men)))))");
}

// a^n b^n is context-free and not regular.
TEST(Grammar, CountsByRecursion) {
  const Grammar grammar("start S\nS =\n  1 a/A b/B\n  1 a/A S b/B\n", "test");
  EXPECT_TRUE(grammar.accepts(words("a b")));
  EXPECT_TRUE(grammar.accepts(words("a a a a a a b b b b b b")));
  EXPECT_FALSE(grammar.accepts(words("a a a b b")));
  EXPECT_FALSE(grammar.accepts(words("a b a b")));
  EXPECT_NEAR(grammar.parse(words("a a a b b b"))->log_probability, 3 * std::log(0.5), 1e-12);
}

TEST(Grammar, UnaryCyclesEnd) {
  const Grammar grammar("start A\nA =\n  1 B\n  1 x/X\nB =\n  1 A\n  1 y/Y\n", "test");
  EXPECT_EQ(grammar.parse(words("x"))->tree, "(A (X x))");
  EXPECT_EQ(grammar.parse(words("y"))->tree, "(A (B (Y y)))");
  EXPECT_FALSE(grammar.accepts(words("x y")));
}

TEST(Grammar, TwoVariablesOfOneFeatureAreFree) {
  const Grammar grammar(
      "feature n = sg pl\nstart S\nS =\n  1 N[n] V[n] N[n:other]\nN[n=sg] =\n  1 cat/NOUN\nN[n=pl] =\n  1 cats/NOUN\n"
      "V[n=sg] =\n  1 sees/VERB\nV[n=pl] =\n  1 see/VERB\n",
      "test");
  EXPECT_TRUE(grammar.accepts(words("cat sees cats")));
  EXPECT_TRUE(grammar.accepts(words("cats see cat")));
  EXPECT_FALSE(grammar.accepts(words("cat see cats")));
}

TEST(Grammar, TransparentSymbolsAndRepeatedFields) {
  const Grammar grammar("start _text\n_text =\n  1 _w and/CCONJ _w\nwords _w NOUN {food=$}: apple/ADJ cake, tea\n", "test");
  const auto parsed = grammar.parse(words("tea and apple cake"));
  EXPECT_EQ(parsed->tree, "(NOUN tea) (CCONJ and) (ADJ apple) (NOUN cake)");
  EXPECT_THAT(parsed->attributes, ElementsAre(Pair("food", "tea, apple cake")));
}

TEST(Grammar, SpellsCapitalsAndArticles) {
  const Grammar grammar(
      "start _t\ncapitals . !\narticle a an\nvowel hour\nconsonant unit\n_t =\n  1 S S\nS =\n  1 a/DET _n end/NOUN _stop\n"
      "words _n NOUN: hour, unit, egg, Oak, Pig\nwords _stop PUNCT: ., !\n",
      "test");
  RandomStream random(1);
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(grammar.accepts(grammar.generate(random).words));
  EXPECT_TRUE(grammar.accepts(words("An egg end . A Pig end !")));
  EXPECT_TRUE(grammar.accepts(words("An hour end ! A unit end .")));
  for (const auto* wrong :
       {"A egg end . A Pig end !", "An egg end . a Pig end !", "an egg end . A Pig end .", "An egg end . A pig end .",
        "An Egg end . A Pig end .", "An hour end . An unit end .", "A hour end . A unit end .", "An oak end . A unit end ."}) {
    EXPECT_FALSE(grammar.accepts(words(wrong))) << wrong;
  }
}

TEST(Grammar, LongestBoundsBothDirections) {
  const Grammar grammar("start S\nlongest 3\nS =\n  1 a/A\n  1 a/A S\n", "test");
  RandomStream random(1);
  std::set<size_t> lengths;
  for (int i = 0; i < 200; ++i) lengths.insert(grammar.generate(random).words.size());
  EXPECT_THAT(lengths, ElementsAre(1, 2, 3));
  EXPECT_TRUE(grammar.accepts(words("a a a")));
  EXPECT_FALSE(grammar.accepts(words("a a a a")));
}

TEST(Grammar, NotationErrorsSayWhere) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"S =\n  1 a/A\n", "no start symbol"},
      {"start S\nS =\n  1 a/A T\n", "test:3: T has no rule"},
      {"start S\nS =\n  1 a/A\nT =\n  1 b/B\n", "test:5: T is never used"},
      {"start S\nS =\n  1 a/A?0.5\n", "test:3: the rule can be empty"},
      {"start S\nS =\n  x a/A\n", "'x', expected a number"},
      {"start S\nS =\n  -1 a/A\n", "above 0"},
      {"start S\nS =\n  1 S\n", "derives no text"},
      {"start S\nS =\n  1 T[q]\n", "'q' is no feature"},
      {"feature n = a b\nstart S\nS =\n  1 T[n=c]\n", "'c' is no value"},
      {"feature n = a b\nstart S\nS =\n  1 T\nT[n] =\n  1 a/A\n", "T has the features [n]"},
      {"start S\nnonsense\n", "test:2: 'nonsense', expected a directive"},
      {"start S\narticle a an\nS =\n  1 an/DET egg/NOUN\n", "'an/DET' is spelling"},
      {"start S\nS =\n  1 a/A {field}\n", "expected {field=value}"},
      {"  1 a/A\n", "test:1: an indented line"},
  };
  for (const auto& [text, message] : cases) {
    try {
      const Grammar grammar(text, "test");
      ADD_FAILURE() << "no error for\n" << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), Error::Kind::usage);
      EXPECT_THAT(error.what(), HasSubstr(message)) << text;
    }
  }
}

}  // namespace
}  // namespace difflm
