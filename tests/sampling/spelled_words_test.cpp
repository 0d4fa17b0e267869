// Unknown words are found, and known ones are drawn by their counts and by what the model finds probable at each place.
#include "difflm/sampling/spelled_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sampling/pieces.h"

namespace difflm {
namespace {

using test::kCat;
using test::kMa;
using test::kNa;
using test::kStop;
using test::kTe;
using test::kYear;
using test::Pieces;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Where unknown words begin, and how many tokens they have.
std::vector<std::pair<size_t, size_t>> unknown(const std::vector<int64_t>& tokens) {
  std::vector<std::pair<size_t, size_t>> places;
  for (const auto& place : SpelledWords(Pieces()).misspelled(tokens)) places.emplace_back(place.begin, place.count);
  return places;
}

TEST(SpelledWords, FindsTheWordsThatNoTextHas) {
  EXPECT_THAT(unknown({kStart, kCat, kMa, kTe, kStop, kMa, kNa, kTe, kEnd, kPad}), IsEmpty());
  EXPECT_THAT(unknown({kStart, kMa, kStop, kCat, kTe, kTe, kEnd}), ElementsAre(std::pair(1, 1), std::pair(3, 3)));
  EXPECT_THAT(unknown({kYear, kStop}), IsEmpty()) << "numbers and marks are no words";
  EXPECT_THAT(unknown({kTe, kStop, kNa}), IsEmpty()) << "what no space begins is left alone";
  EXPECT_THAT(unknown({kCat, kTe}), ElementsAre(std::pair(0, 2))) << "at the end of the sequence";
}

// How often the words of two tokens come, of `draws`.
std::pair<double, double> shares(const Tensor& probabilities, int draws = 4000) {
  const SpelledWords spelling{Pieces()};
  RandomStream random(3, "spelling");
  double mate = 0;
  double mana = 0;
  for (int i = 0; i < draws; ++i) {
    const auto word = spelling.draw(probabilities, random);
    EXPECT_EQ(word.size(), 2U);
    mate += word == std::vector<int64_t>{kMa, kTe};
    mana += word == std::vector<int64_t>{kMa, kNa};
  }
  return {mate / draws, mana / draws};
}

TEST(SpelledWords, DrawsByTheCountsWhereTheModelKnowsNoMoreThanThem) {
  Tensor probabilities = torch::zeros({2, 10});
  probabilities[0][kMa] = 1;
  probabilities[1][kTe] = 0.75;  // as in the words
  probabilities[1][kNa] = 0.25;
  const auto [mate, mana] = shares(probabilities);
  EXPECT_NEAR(mate, 0.75, 0.02);
  EXPECT_NEAR(mana, 0.25, 0.02);
}

TEST(SpelledWords, FollowsTheModelByTheRootOfWhatItSaysBeyondTheCounts) {
  Tensor probabilities = torch::full({2, 10}, 0.01);
  probabilities[0][kMa] = 0.9;
  probabilities[1][kTe] = 0.1;
  probabilities[1][kNa] = 0.7;
  const double of_mate = 0.75 * std::sqrt(0.1 / 0.75);
  const double of_mana = 0.25 * std::sqrt(0.7 / 0.25);
  const auto [mate, mana] = shares(probabilities);
  EXPECT_NEAR(mate, of_mate / (of_mate + of_mana), 0.025);
  EXPECT_NEAR(mana, of_mana / (of_mate + of_mana), 0.025);
}

TEST(SpelledWords, WritesSeveralWordsWhereNoneIsSoLong) {
  RandomStream random(1);
  const auto tokens = SpelledWords(Pieces()).draw(torch::full({4, 10}, 0.1), random);
  EXPECT_THAT(tokens, ElementsAre(kMa, kNa, kTe, kCat));
}

}  // namespace
}  // namespace difflm
