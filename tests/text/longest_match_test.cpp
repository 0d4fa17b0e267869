// Runs of words in common with a corpus, against a search through all of it.
#include "difflm/text/longest_match.h"

#include <gtest/gtest.h>

#include "difflm/core/random.h"

namespace difflm {
namespace {

using Words = std::vector<std::string>;

Words random_words(RandomStream& random, size_t length, uint64_t letters) {
  Words words;
  for (size_t i = 0; i < length; ++i) words.emplace_back(1, static_cast<char>('a' + random.below(letters)));
  return words;
}

bool occurs(const std::vector<Words>& corpus, Words::const_iterator begin, Words::const_iterator end) {
  for (const auto& text : corpus) {
    if (std::search(text.begin(), text.end(), begin, end) != text.end()) return true;
  }
  return false;
}

TEST(LongestMatch, IsThatOfASearchThroughTheWholeCorpus) {
  RandomStream random(3);
  for (int round = 0; round < 60; ++round) {
    std::vector<Words> corpus;
    for (uint64_t i = 0; i < 1 + random.below(6); ++i)
      corpus.push_back(random_words(random, random.below(12), 2 + random.below(3)));
    const LongestMatch match(corpus);
    const Words text = random_words(random, 15, 5);
    const auto runs = match.runs(text);
    ASSERT_EQ(runs.size(), text.size());
    for (size_t i = 0; i < text.size(); ++i) {
      const auto end = text.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      int64_t longest = 0;
      while (longest <= static_cast<int64_t>(i) && occurs(corpus, end - longest - 1, end)) ++longest;
      EXPECT_EQ(runs[i], longest) << "round " << round << " word " << i;
    }
  }
}

TEST(LongestMatch, RunsDoNotCrossTexts) {
  const LongestMatch match({{"a", "b"}, {"c", "d"}});
  EXPECT_EQ(match.runs({"a", "b", "c", "d"}), (std::vector<int64_t>{1, 2, 1, 2}));
}

TEST(LongestMatch, AnEmptyCorpusHasNothingInCommon) {
  EXPECT_EQ(LongestMatch({}).runs({"a", "b"}), (std::vector<int64_t>{0, 0}));
  EXPECT_TRUE(LongestMatch({{"a"}}).runs({}).empty());
}

}  // namespace
}  // namespace difflm
