// Bigram ratios against counting by hand, messages against sums by definition, and their effect on samples.
#include "difflm/sampling/bigram_energy.h"

#include <gtest/gtest.h>

#include <cmath>

namespace difflm::test {
namespace {

constexpr Token kWords = 7;  // the special tokens and three others: 4, 5, 6

TEST(BigramCounts, AreThoseOfTheSequences) {
  const std::vector<PackedSequence> sequences = {{{4, 5, 4, 5}, 0}, {{5}, 1}, {{}, 2}};
  const Tensor inside = bigram_counts(sequences, kWords, Frame::stream);
  EXPECT_EQ(inside[4][5].item<float>(), 2);
  EXPECT_EQ(inside[5][4].item<float>(), 1);
  EXPECT_EQ(inside.sum().item<float>(), 3);
  const Tensor whole = bigram_counts(sequences, kWords, Frame::whole);
  EXPECT_EQ(whole[kStart][4].item<float>(), 1);
  EXPECT_EQ(whole[kStart][5].item<float>(), 1);
  EXPECT_EQ(whole[5][kEnd].item<float>(), 2);
  EXPECT_EQ(whole.sum().item<float>(), 7);
}

// Counts (4,5) = 6, (5,4) = 2, (5,6) = 2: 4 is followed by 5 alone, 5 by two different tokens.
TEST(BigramRatios, AreKneserNeysOverTheUnigram) {
  Tensor counts = torch::zeros({kWords, kWords});
  counts[4][5] = 6;
  counts[5][4] = 2;
  counts[5][6] = 2;
  const Tensor ratios = bigram_ratios(counts);
  const double third = 1.0 / 3;  // share of each token's kinds of predecessors
  EXPECT_NEAR(ratios[4][5].item<double>(), (5.25 / 6 + 0.75 / 6 * third) / 0.6, 1e-5);
  EXPECT_NEAR(ratios[4][6].item<double>(), (0.75 / 6 * third) / 0.2, 1e-5);
  EXPECT_NEAR(ratios[5][4].item<double>(), (1.25 / 4 + 1.5 / 4 * third) / 0.2, 1e-5);
  EXPECT_EQ(ratios[6][4].item<double>(), 1);       // 6 is never followed
  EXPECT_EQ(ratios[4][kStart].item<double>(), 1);  // START never follows
  // Conditional probabilities of the tokens that occur sum to 1.
  const Tensor unigram = counts.sum(0) / counts.sum();
  EXPECT_NEAR((ratios[5] * unigram).sum().item<double>(), 1, 1e-5);
}

TEST(BigramEnergy, MessagesAreTheSumsOfTheDefinition) {
  torch::manual_seed(3);
  const Tensor ratios = torch::rand({kWords, kWords}) + 0.1;
  const Tensor p = torch::rand({2, 4, kWords}).softmax(-1);
  for (const bool ends : {false, true}) {
    const Tensor messages = BigramEnergy(ratios, ends).messages(p);
    for (int64_t row = 0; row < 2; ++row) {
      for (int64_t at = 0; at < 4; ++at) {
        for (int64_t word = 0; word < kWords; ++word) {
          double left = at == 0 && ends ? ratios[kStart][word].item<double>() : at == 0 ? 1 : 0;
          double right = at == 3 && ends ? ratios[word][kEnd].item<double>() : at == 3 ? 1 : 0;
          for (int64_t other = 0; other < kWords; ++other) {
            if (at > 0) left += p[row][at - 1][other].item<double>() * ratios[other][word].item<double>();
            if (at < 3) right += p[row][at + 1][other].item<double>() * ratios[word][other].item<double>();
          }
          EXPECT_NEAR(messages[row][at][word].item<double>(), std::log(left) + std::log(right), 1e-5);
        }
      }
    }
  }
}

// One position of a text that has no neighbours, and neighbours that carry only the unigram.
TEST(BigramEnergy, NeighboursThatKnowNothingSayNothing) {
  const Tensor counts = torch::rand({kWords, kWords}) * 100 + 1;
  const BigramEnergy fluency(bigram_ratios(counts), false);
  EXPECT_TRUE((fluency.messages(torch::rand({2, 1, kWords})) == 0).all().item<bool>());
  // What precedes in proportion to its own count is followed by the unigram, up to the smoothing.
  const Tensor before = counts.sum(1) / counts.sum();
  const Tensor left = fluency.messages(before.view({1, 1, -1}).expand({1, 2, kWords}))[0][1];
  EXPECT_NEAR(left.abs().max().item<double>(), 0, 0.02);
}

}  // namespace
}  // namespace difflm::test
