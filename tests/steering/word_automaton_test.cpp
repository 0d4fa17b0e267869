// Phrases in uncertain texts, against sums over every text.
#include "difflm/steering/word_automaton.h"

#include <gtest/gtest.h>

#include <cmath>

#include "steering/every_sequence.h"
#include "steering/listed_phrases.h"
#include "tokenizers/listed_tokens.h"

namespace difflm::test {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// Whether `text` has the phrases one after another, each as whole words at its earliest place, searched from `from` on.
bool has_phrases(const std::string& text, const std::vector<std::string>& phrases, size_t phrase = 0, size_t from = 0) {
  if (phrase == phrases.size()) return true;
  const std::string& words = phrases[phrase];
  for (size_t at = from; at + words.size() <= text.size(); ++at) {
    const size_t end = at + words.size();
    const bool begins = at == 0 || !is_letter(text[at - 1]) || !is_letter(words.front());
    const bool ends = end == text.size() || !is_letter(text[end]) || !is_letter(words.back());
    if (text.compare(at, words.size(), words) == 0 && begins && ends) return has_phrases(text, phrases, phrase + 1, end);
  }
  return false;
}

struct Example {
  std::vector<std::string> vocabulary;
  std::vector<std::string> phrases;
};

const std::vector<Example>& examples() {
  static const std::vector<std::string> kWords = {"a ", "b ", "ab "};  // as the word tokenizer has them
  static const std::vector<std::string> kSpaced = {" a", " b", " ab", "a", "b", "."};
  static const std::vector<Example> all = {
      {kWords, {"a "}},         {kWords, {"a b "}},
      {kWords, {"a a "}},       {kWords, {"a a b "}},
      {kWords, {"a ", "b "}},   {kWords, {"a ", "a "}},
      {kWords, {"a b ", "b "}}, {kSpaced, {"a"}},
      {kSpaced, {"ab"}},        {kSpaced, {"a b"}},
      {kSpaced, {"ab", "a"}},   {kSpaced, {"b."}},
      {kSpaced, {".", "b"}},    {{"xa", "b", "ab", " "}, {"ab"}},
  };
  return all;
}

TEST(WordAutomaton, ProbabilitiesAreSumsOverEveryText) {
  for (const auto& [vocabulary, phrases] : examples()) {
    SCOPED_TRACE(vocabulary.front() + ": " + phrases.front());
    const ListedTokens tokenizer(vocabulary);
    const WordAutomaton automaton(phrases_of(phrases), tokenizer);
    for (const int64_t length : {1, 3, 4}) {
      Tensor words = random_probabilities(2, length, tokenizer.size(), 7);
      words.narrow(2, 0, kSpecialTokens).zero_();
      words = words / words.sum(-1, true);
      const Tensor contains = automaton.log_contains(words).exp();
      const Tensor lacks = automaton.log_lacks(words).exp();
      for (int64_t row = 0; row < 2; ++row) {
        double expected = 0;
        for_every_sequence(words[row].narrow(1, kSpecialTokens, tokenizer.size() - kSpecialTokens), [&](Sequence sequence,
                                                                                                        double probability) {
          for (Token& token : sequence) token += kSpecialTokens;
          ASSERT_EQ(automaton.contains(sequence), has_phrases(tokenizer.decode(sequence), phrases)) << tokenizer.decode(sequence);
          expected += automaton.contains(sequence) ? probability : 0;
        });
        EXPECT_NEAR(contains[row].item<double>(), expected, 1e-12);
        EXPECT_NEAR(lacks[row].item<double>(), 1 - expected, 1e-12);
      }
    }
  }
}

// Two spellings and two cases of a letter count as one phrase, and a character may be spelled by its bytes.
TEST(WordAutomaton, SpellingsOfAPhraseAreAlternatives) {
  const ListedTokens tokenizer({" sch", " Sch", "\u00F6", "o", "\u0308", "n", "\xC3", "\xB6", "e", "."});
  WishPhrase phrase;
  for (const std::string rest : {"ch\u00F6n", "cho\u0308n"}) {
    phrase.push_back({{'s', 'S'}});
    const auto spelled = phrases_of({rest});
    for (const auto& forms : spelled[0][0]) phrase.back().push_back(forms);
  }
  const WordAutomaton automaton({phrase}, tokenizer);
  const auto tokens = [&](const std::vector<int>& ids) {
    Sequence sequence;
    for (const int id : ids) sequence.push_back(kSpecialTokens + id);
    return sequence;
  };
  const std::vector<std::pair<Sequence, bool>> texts = {
      {tokens({0, 2, 5}), true},      // composed
      {tokens({1, 3, 4, 5}), true},   // decomposed, in upper case
      {tokens({0, 6, 7, 5}), true},   // by its bytes
      {tokens({0, 2, 5, 9}), true},   // before a stop
      {tokens({0, 2, 5, 8}), false},  // of a longer word
      {tokens({0, 3, 5}), false},     // without its mark
      {tokens({0, 6, 2, 5}), false},  // with a stray byte inside
      {tokens({0, 6, 5}), false},
  };
  for (const auto& [sequence, expected] : texts) {
    EXPECT_EQ(automaton.contains(sequence), expected) << tokenizer.decode(sequence);
    const Tensor index = torch::tensor(std::vector<int64_t>(sequence.begin(), sequence.end()), torch::kInt64).unsqueeze(0);
    const double log_probability =
        automaton.log_contains(torch::one_hot(index, tokenizer.size()).to(torch::kFloat64)).item<double>();
    EXPECT_EQ(log_probability > -0.1, expected) << tokenizer.decode(sequence);
  }
}

TEST(PhraseReader, FindsWordsAtTheirBordersAndOtherScriptsAnywhere) {
  const auto holds = [](const std::string& text, const std::string& phrase) {
    return PhraseReader(phrases_of({phrase})).is_in(text);
  };
  for (const std::string text : {"love", "my love.", "(love)", "\"love\"", "love-song", "love, not war"})
    EXPECT_TRUE(holds(text, "love")) << text;
  for (const std::string text : {"lovely", "glove", "loveth", "love\u0301", "lov\u00E9", "love's", "love\u2019s"})
    EXPECT_FALSE(holds(text, "love")) << text;
  EXPECT_TRUE(holds("the boys' room", "boys"));
  EXPECT_FALSE(holds("don't", "don"));
  EXPECT_FALSE(holds("don't", "t"));
  EXPECT_FALSE(holds("5.00", "5"));
  EXPECT_TRUE(holds("at 5. Then", "5"));
  EXPECT_TRUE(holds("\u6211\u4EEC\u53BB\u5496\u5561\u9986\u559D\u8336", "\u5496\u5561\u9986"));
  EXPECT_TRUE(holds("\u7528AI\u6A21\u578B", "AI"));
  EXPECT_FALSE(holds("\u7528AIM\u6A21\u578B", "AI"));
  EXPECT_TRUE(holds("\u0645\u0631\u062D\u0628\u0627\u060C \u0643\u064A\u0641", "\u0643\u064A\u0641"));
}

TEST(WordAutomaton, WhatIsImpossibleOrCertainStaysFinite) {
  const ListedTokens tokenizer({"a ", "b ", "c "});
  const WordAutomaton automaton(phrases_of({"a b "}), tokenizer);
  Tensor never = torch::zeros({1, 3, tokenizer.size()});
  never.select(2, kSpecialTokens + 2).fill_(1);
  EXPECT_LT(automaton.log_contains(never).item<double>(), -100);
  EXPECT_TRUE(std::isfinite(automaton.log_contains(never).item<double>()));
  EXPECT_EQ(automaton.log_lacks(never).item<double>(), 0);
  Tensor sure = torch::zeros({1, 2, tokenizer.size()});
  sure[0][0][kSpecialTokens] = 1;
  sure[0][1][kSpecialTokens + 1] = 1;
  EXPECT_EQ(automaton.log_contains(sure).item<double>(), 0);
}

// A sharper wish is for one place: guidance goes to the place that is most probable already.
TEST(WordAutomaton, SharpnessChoosesAPlace) {
  const ListedTokens tokenizer({"a ", "b ", "c "});
  constexpr int64_t kWord = kSpecialTokens;
  Tensor words = torch::zeros({1, 3, tokenizer.size()});
  for (int64_t at = 0; at < 3; ++at) words[0][at][kWord] = 0.1 + 0.02 * static_cast<double>(at);
  words.select(2, kWord + 1) = 1 - words.select(2, kWord);
  double before = 0;
  for (const double sharpness : {1.0, 3.0, 9.0}) {
    const Tensor leaf = words.clone().set_requires_grad(true);
    WordAutomaton(phrases_of({"a "}), tokenizer).log_contains(leaf, sharpness).sum().backward();
    const Tensor pull = words.select(2, kWord) * leaf.grad().select(2, kWord);  // share of the new probability
    const double likeliest = (pull[0][2] / pull.sum()).item<double>();
    EXPECT_GT(likeliest, before);
    before = likeliest;
  }
  EXPECT_GT(before, 0.7);
}

TEST(WordRules, SeeWhatNoTextCanFulfil) {
  const ListedTokens tokenizer({"a ", "b ", "c "});
  const auto automaton = [&](const std::vector<std::string>& phrases) { return WordAutomaton(phrases_of(phrases), tokenizer); };
  const WordAutomaton a = automaton({"a "});
  const WordAutomaton ab = automaton({"a b "});
  EXPECT_EQ(a.fewest_tokens(), 1);
  EXPECT_EQ(ab.fewest_tokens(), 2);
  const auto possible = [](const std::vector<std::pair<const WordAutomaton*, bool>>& wishes, int64_t length,
                           const Sequence& pins = {}) {
    WordRules rules;
    for (const auto& [words, contains] : wishes) rules.add(*words, contains);
    return rules.can_be_fulfilled(length, pins);
  };
  constexpr Token kA = kSpecialTokens;
  EXPECT_TRUE(possible({}, 3));
  EXPECT_TRUE(possible({{&ab, true}}, 2));
  EXPECT_FALSE(possible({{&ab, true}}, 1));
  EXPECT_FALSE(possible({{&a, true}, {&a, false}}, 40));
  EXPECT_FALSE(possible({{&ab, true}, {&a, false}}, 40));
  EXPECT_TRUE(possible({{&a, true}, {&ab, false}}, 2));
  EXPECT_FALSE(possible({{&a, false}}, 3, {-1, kA, -1}));
  EXPECT_TRUE(possible({{&ab, true}}, 3, {-1, kA, -1}));
  EXPECT_FALSE(possible({{&ab, true}}, 3, {kA + 2, -1, kA}));
}

}  // namespace
}  // namespace difflm::test
