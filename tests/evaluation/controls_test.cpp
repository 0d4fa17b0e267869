#include "difflm/evaluation/controls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "difflm/core/error.h"
#include "evaluation/small_corpus.h"

namespace difflm {
namespace {

std::multiset<std::string> bag(const std::vector<std::string>& items) { return {items.begin(), items.end()}; }

TEST(Controls, HeldOutTextIsSplitWithoutLossOrOverlap) {
  const auto texts = small_corpus(101, 1);
  const auto split = split_held_out(texts, 30, 5);
  EXPECT_EQ(split.control.size(), 30u);
  auto both = split.control;
  both.insert(both.end(), split.reference.begin(), split.reference.end());
  EXPECT_EQ(bag(both), bag(texts));
  EXPECT_EQ(split_held_out(texts, 1000, 5).control.size(), 50u);  // half at most
  EXPECT_EQ(split_held_out(texts, 30, 5).control, split.control);
  EXPECT_NE(split_held_out(texts, 30, 6).control, split.control);
  EXPECT_THROW(split_held_out({"one"}, 1, 5), Error);
}

TEST(Controls, UnigramKeepsWordFrequenciesAndLengths) {
  const auto source = make_text_set({"a a a b"});
  const auto lengths = make_text_set({"x x x x x", "x x x"});
  const auto set = make_text_set(unigram_texts(source, lengths, 2000, 3));
  ASSERT_EQ(set.size(), 2000u);
  std::map<std::string, double> counts;
  std::map<size_t, int> sizes;
  for (const auto& words : set.words) {
    ++sizes[words.size()];
    for (const auto& word : words) ++counts[word];
  }
  EXPECT_EQ(counts.size(), 2u);
  EXPECT_NEAR(counts["a"] / (counts["a"] + counts["b"]), 0.75, 0.02);  // 8,000 words: standard error 0.005
  EXPECT_EQ(sizes.size(), 2u);
  EXPECT_NEAR(sizes[5], 1000, 100);
}

TEST(Controls, RepeatedIsTheMostOrdinaryOfTheLongerTexts) {
  // "a b" occurs four times; "x y z" is as long as half of the texts and rare, "a b" is shorter.
  const auto source = make_text_set({"a b", "a b a b", "a b a c", "x y z q", "x z y"});
  const auto texts = repeated_texts(source, 7);
  EXPECT_EQ(texts, std::vector<std::string>(7, "a b a b"));
  EXPECT_THROW(repeated_texts(make_text_set({}), 7), Error);
}

TEST(Controls, CyclicWalksTheFrequentWordsInACircle) {
  const auto source = make_text_set({"c c c c b b b a a z"});
  const auto lengths = make_text_set({"x x x x x"});
  std::set<std::string> starts;
  for (const auto& words : make_text_set(cyclic_texts(source, lengths, 50, 3, 3)).words) {
    ASSERT_EQ(words.size(), 5u);
    starts.insert(words[0]);
    const std::map<std::string, std::string> next = {{"c", "b"}, {"b", "a"}, {"a", "c"}};
    for (size_t i = 1; i < words.size(); ++i) EXPECT_EQ(words[i], next.at(words[i - 1]));
  }
  EXPECT_EQ(starts.size(), 3u);
  const auto wide = cyclic_texts(source, lengths, 1, 3);  // a circle of 64 with four words to choose from
  EXPECT_EQ(bag(make_text_set(wide).words[0]).size(), 5u);
}

TEST(Controls, PhrasesAreRunsOfTheSource) {
  const auto source = make_text_set({"a b c d e f g h", "i j k l m n o p q r s"});
  const auto lengths = make_text_set({"x x x x x x x x x x x x", "x x x x x"});
  const auto texts = make_text_set(phrase_texts(source, lengths, 200, 4));
  size_t follows = 0;
  size_t pairs = 0;
  for (const auto& words : texts.words) {
    EXPECT_TRUE(words.size() == 12 || words.size() == 5);
    for (size_t i = 1; i < words.size(); ++i, ++pairs) follows += words[i][0] == words[i - 1][0] + 1;
  }
  EXPECT_GT(follows, pairs / 2);
  EXPECT_LT(follows, pairs);
}

TEST(Controls, ShuffledKeepsTheWordsOfEachText) {
  const auto set = make_text_set(small_corpus(40, 2));
  const auto shuffled = make_text_set(shuffled_texts(set, 4));
  int changed = 0;
  for (size_t i = 0; i < set.size(); ++i) {
    EXPECT_EQ(bag(shuffled.words[i]), bag(set.words[i]));
    changed += shuffled.words[i] != set.words[i];
  }
  EXPECT_GT(changed, 35);
}

TEST(Controls, ChosenTextsAreDifferentOnes) {
  const std::vector<std::string> texts = {"a", "b", "c", "d"};
  const auto chosen = chosen_texts(texts, 3, 1);
  EXPECT_EQ(std::set<std::string>(chosen.begin(), chosen.end()).size(), 3u);
  EXPECT_EQ(bag(chosen_texts(texts, 9, 1)), bag(texts));
}

TEST(Controls, AreDeterministicBySeed) {
  const auto set = make_text_set(small_corpus(40, 2));
  EXPECT_EQ(unigram_texts(set, set, 5, 9), unigram_texts(set, set, 5, 9));
  EXPECT_NE(unigram_texts(set, set, 5, 9), unigram_texts(set, set, 5, 8));
  EXPECT_EQ(cyclic_texts(set, set, 5, 9), cyclic_texts(set, set, 5, 9));
  EXPECT_EQ(shuffled_texts(set, 9), shuffled_texts(set, 9));
}

TEST(Controls, NeedWords) {
  const auto empty = make_text_set({"", " "});
  EXPECT_THROW(unigram_texts(empty, empty, 1, 1), Error);
  EXPECT_THROW(cyclic_texts(empty, empty, 1, 1), Error);
}

}  // namespace
}  // namespace difflm
