#include "difflm/tokenizers/bpe_merges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "difflm/text/utf8.h"
#include "tokenizers/random_text.h"

namespace difflm {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> chunks_of(const std::string& text) {
  std::vector<std::string> chunks;
  for_each_chunk(text, [&](std::string_view chunk) { chunks.emplace_back(chunk); });
  return chunks;
}

// The algorithm by its definition: count all pairs again for each merge.
std::vector<BpePair> plain_merges(const std::vector<BpeChunk>& chunks, size_t merges, int64_t min_count) {
  std::vector<std::vector<BpeSymbol>> words;
  for (const auto& chunk : chunks) {
    words.emplace_back();
    for (const char byte : chunk.text) words.back().push_back(static_cast<unsigned char>(byte));
  }
  std::vector<BpePair> result;
  while (result.size() < merges) {
    std::map<BpePair, int64_t> counts;
    for (size_t w = 0; w < words.size(); ++w) {
      for (size_t i = 0; i + 1 < words[w].size(); ++i) counts[{words[w][i], words[w][i + 1]}] += chunks[w].count;
    }
    int64_t most = 0;
    BpePair best;
    for (const auto& [pair, count] : counts) {  // in ascending order, so the smaller pair wins a tie
      if (count > most) {
        most = count;
        best = pair;
      }
    }
    if (most < min_count || most == 0) break;
    for (auto& word : words) {
      std::vector<BpeSymbol> merged;
      for (size_t i = 0; i < word.size(); ++i) {
        const bool here = i + 1 < word.size() && BpePair{word[i], word[i + 1]} == best;
        merged.push_back(here ? 256 + static_cast<BpeSymbol>(result.size()) : word[i]);
        if (here) ++i;
      }
      word = merged;
    }
    result.push_back(best);
  }
  return result;
}

// What GPT-2's pattern gives on these, by its definition.
TEST(BpeChunks, are_those_of_gpt2) {
  EXPECT_THAT(chunks_of("Hello world, it's 5.00!"), ElementsAre("Hello", " world", ",", " it", "'s", " 5", ".", "00", "!"));
  EXPECT_THAT(chunks_of("a  b   "), ElementsAre("a", " ", " b", "   "));
  EXPECT_THAT(chunks_of("x\n\ny \n z"), ElementsAre("x", "\n\n", "y", " \n", " z"));
  EXPECT_THAT(chunks_of("we'll've I'd"), ElementsAre("we", "'ll", "'ve", " I", "'d"));
  EXPECT_THAT(chunks_of("caf\u00E9 \u4F60\u597D!? ..."), ElementsAre("caf\u00E9", " \u4F60\u597D", "!?", " ..."));
}

TEST(BpeChunks, together_are_the_text) {
  for (uint64_t i = 0; i < 3000; ++i) {
    RandomStream stream(1, "chunks", i);
    const std::string text = to_valid_utf8(test::random_text(stream));
    std::string together;
    for (const auto& chunk : chunks_of(text)) {
      ASSERT_FALSE(chunk.empty());
      together += chunk;
    }
    ASSERT_EQ(together, text);
  }
}

// The example of Sennrich et al. 2016, figure 1, without its end-of-word mark: e s, then es t, l o, lo w.
TEST(LearnMerges, gives_the_merges_of_the_paper) {
  const auto merges = learn_merges({{"low", 5}, {"lower", 2}, {"newest", 6}, {"widest", 3}}, 4, 1);
  EXPECT_THAT(merges, ElementsAre(BpePair{'e', 's'}, BpePair{256, 't'}, BpePair{'l', 'o'}, BpePair{258, 'w'}));
}

TEST(LearnMerges, equals_counting_anew_each_time) {
  const std::vector<std::string> kWords = {"aaaa",   "aaa", "abab", "babab",    "aab",  "banana",
                                           "ananas", "",    "b",    "bbbbbbbb", "abba", "cabbage"};
  for (uint64_t i = 0; i < 200; ++i) {
    RandomStream stream(1, "merges", i);
    std::vector<BpeChunk> chunks;
    for (const auto& word : kWords) {
      if (stream.below(3) > 0) chunks.push_back({word, static_cast<int64_t>(1 + stream.below(4))});
    }
    const auto min_count = static_cast<int64_t>(1 + stream.below(3));
    ASSERT_EQ(learn_merges(chunks, 40, min_count), plain_merges(chunks, 40, min_count)) << i;
  }
}

TEST(LearnMerges, ends_when_no_pair_is_frequent_enough) {
  EXPECT_EQ(learn_merges({{"ab", 2}, {"cd", 1}}, 10, 2), (std::vector<BpePair>{{'a', 'b'}}));
  EXPECT_TRUE(learn_merges({}, 10, 1).empty());
}

}  // namespace
}  // namespace difflm
