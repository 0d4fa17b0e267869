// Phrases in uncertain texts, against sums over every text.
#include "difflm/steering/word_automaton.h"

#include <gtest/gtest.h>

#include <cmath>

#include "steering/every_sequence.h"

namespace difflm::test {
namespace {

using Phrases = std::vector<std::vector<WordClass>>;

// Whether `sequence` has the phrases one after another, each at its earliest place, searched from place `from` on.
bool has_phrases(const Sequence& sequence, const Phrases& phrases, size_t phrase = 0, size_t from = 0) {
  if (phrase == phrases.size()) return true;
  const auto& words = phrases[phrase];
  for (size_t at = from; at + words.size() <= sequence.size(); ++at) {
    bool here = true;
    for (size_t i = 0; i < words.size(); ++i)
      here = here && std::find(words[i].begin(), words[i].end(), sequence[at + i]) != words[i].end();
    if (here) return has_phrases(sequence, phrases, phrase + 1, at + words.size());
  }
  return false;
}

const std::vector<Phrases>& examples() {
  static const std::vector<Phrases> all = {
      {{{1}}},                   // one word
      {{{1, 2}}},                // in two spellings
      {{{1}, {2}}},              // a phrase
      {{{1}, {1}}},              // that overlaps itself
      {{{1}, {1}, {2}}},         // and falls back by one
      {{{1}, {2}, {1}, {3}}},    // or by more
      {{{1}}, {{2}}},            // words in order
      {{{1}}, {{1}}},            // twice the same
      {{{1}, {2}}, {{2}}},       // a phrase and a word of it
      {{{1}, {2}}, {{3}, {1}}},  // two phrases
  };
  return all;
}

TEST(WordAutomaton, ProbabilitiesAreSumsOverEveryText) {
  constexpr int64_t kVocabulary = 4;
  for (size_t example = 0; example < examples().size(); ++example) {
    SCOPED_TRACE(example);
    const Phrases& phrases = examples()[example];
    const WordAutomaton automaton(phrases);
    for (const int64_t length : {1, 4, 5}) {
      const Tensor words = random_probabilities(2, length, kVocabulary, example + 1);
      const Tensor contains = automaton.log_contains(words).exp();
      const Tensor lacks = automaton.log_lacks(words).exp();
      for (int64_t row = 0; row < 2; ++row) {
        double expected = 0;
        for_every_sequence(words[row], [&](const Sequence& sequence, double probability) {
          ASSERT_EQ(automaton.contains(sequence), has_phrases(sequence, phrases));
          expected += automaton.contains(sequence) ? probability : 0;
        });
        EXPECT_NEAR(contains[row].item<double>(), expected, 1e-12);
        EXPECT_NEAR(lacks[row].item<double>(), 1 - expected, 1e-12);
      }
    }
  }
}

TEST(WordAutomaton, WhatIsImpossibleOrCertainStaysFinite) {
  const WordAutomaton automaton(Phrases{{{1}, {2}}});
  Tensor never = torch::zeros({1, 3, 4});
  never.select(2, 0).fill_(1);
  EXPECT_LT(automaton.log_contains(never).item<double>(), -100);
  EXPECT_TRUE(std::isfinite(automaton.log_contains(never).item<double>()));
  EXPECT_EQ(automaton.log_lacks(never).item<double>(), 0);
  Tensor sure = torch::zeros({1, 2, 4});
  sure[0][0][1] = 1;
  sure[0][1][2] = 1;
  EXPECT_EQ(automaton.log_contains(sure).item<double>(), 0);
}

// A sharper wish is for one place: guidance goes to the place that is most probable already.
TEST(WordAutomaton, SharpnessChoosesAPlace) {
  Tensor words = torch::full({1, 3, 2}, 0.9);
  for (int64_t at = 0; at < 3; ++at) words[0][at][1] = 0.1 + 0.02 * static_cast<double>(at);
  words.select(2, 0) = 1 - words.select(2, 1);
  double before = 0;
  for (const double sharpness : {1.0, 3.0, 9.0}) {
    const Tensor leaf = words.clone().set_requires_grad(true);
    WordAutomaton(Phrases{{{1}}}).log_contains(leaf, sharpness).sum().backward();
    const Tensor pull = words.select(2, 1) * leaf.grad().select(2, 1);  // share of the new probability
    const double likeliest = (pull[0][2] / pull.sum()).item<double>();
    EXPECT_GT(likeliest, before);
    before = likeliest;
  }
  EXPECT_GT(before, 0.7);
}

}  // namespace
}  // namespace difflm::test
