// Texts that compete: shares of places, when they are taken, and that texts do not depend on each other.
#include "difflm/steering/particles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace difflm::test {
namespace {

using ::testing::ElementsAre;

TEST(Particles, SystematicResamplingGivesEachTheFloorOrTheCeilingOfItsShare) {
  const std::vector<double> weights = {0.1, 2.3, 0.6, 0, 1, 0};
  const double sum = 4;
  std::vector<double> mean(weights.size(), 0);
  constexpr int kOffsets = 1000;
  for (int i = 0; i < kOffsets; ++i) {
    const auto from = systematic_resampling(weights, (i + 0.5) / kOffsets);
    ASSERT_EQ(from.size(), weights.size());
    std::vector<int> places(weights.size(), 0);
    for (const int64_t giver : from) ++places.at(static_cast<size_t>(giver));
    for (size_t at = 0; at < weights.size(); ++at) {
      const double share = weights[at] / sum * static_cast<double>(weights.size());
      ASSERT_GE(places[at], std::floor(share - 1e-9));
      ASSERT_LE(places[at], std::ceil(share + 1e-9));
      if (places[at] > 0) {
        ASSERT_EQ(from[at], static_cast<int64_t>(at)) << "it keeps its own place";
      }
      mean[at] += static_cast<double>(places[at]) / kOffsets;
    }
  }
  for (size_t at = 0; at < weights.size(); ++at) EXPECT_NEAR(mean[at], weights[at] / sum * 6, 0.01);
  EXPECT_THAT(systematic_resampling({0, 0, 5}, 0.999), ElementsAre(2, 2, 2));
}

TEST(Particles, PlacesAreTakenWhereFewTextsHaveAlmostAllOfTheWeight) {
  Particles particles(4, 1);
  const std::vector<int64_t> samples = {0, 1, 2, 3};
  EXPECT_THAT(particles.resample(samples, {-5, -5, -5, -5.5}), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(particles.resample(samples, {-5, -5, -5, 10}), ElementsAre(3, 3, 3, 3));
  EXPECT_THAT(particles.resample(samples, {10, 10, 10, 10.2}), ElementsAre(0, 1, 2, 3)) << "what counts is the gain since then";
  EXPECT_THAT(particles.resample(samples, {30, 10, 10, 10}), ElementsAre(0, 0, 0, 0));
}

TEST(Particles, WeightsAddUpUntilPlacesAreTaken) {
  Particles particles(2, 1);
  for (const double gain : {0.3, 0.6, 0.9}) EXPECT_THAT(particles.resample({0, 1}, {gain, 0}), ElementsAre(0, 1)) << gain;
  EXPECT_THAT(particles.resample({0, 1}, {40, 0}), ElementsAre(0, 0));
}

TEST(Particles, ATextIsTheSameWithOthersBesideIt) {
  // The places of the second of two texts, whose samples begin with `sample`. Two rows win in each round, two and a half places
  // each.
  const auto second = [](int64_t sample, double of_first) {
    Particles particles(5, 7);
    std::vector<int64_t> samples;
    for (int64_t i = 0; i < 5; ++i) samples.push_back(i);
    for (int64_t i = 0; i < 5; ++i) samples.push_back(sample + i);
    std::vector<int64_t> places;
    for (double round = 1; round < 20; ++round) {
      const double won = 50 * round;
      const auto from = particles.resample(samples, {of_first * won, 0, won, 0, 0, won, won, 0, 0, 0});
      places.insert(places.end(), from.begin() + 5, from.end());
    }
    return places;
  };
  EXPECT_EQ(second(10, 1), second(10, 0.3));
  EXPECT_NE(second(10, 1), second(15, 1)) << "another text draws other numbers";
}

}  // namespace
}  // namespace difflm::test
