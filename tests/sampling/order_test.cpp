// Which hidden tokens an order reveals.
#include "difflm/sampling/order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "difflm/core/config.h"

namespace difflm {
namespace {

using ::testing::ElementsAre;

// Places 0 to 4: the middle one is the surest.
std::vector<OpenToken> five() { return {{0, 0.2, 2.0}, {1, 0.6, 0.5}, {2, 0.9, 0.1}, {3, 0.7, 0.6}, {4, 0.1, 3.0}}; }

std::vector<int64_t> chosen(const std::string& name, size_t least, const std::string& toml = "", uint64_t seed = 1) {
  Config config;
  config.read_toml(toml, "test");
  auto hidden = five();
  RandomStream random(seed);
  const size_t count = reveal_orders().make(name, config)->choose(hidden, least, random);
  std::vector<int64_t> places;
  for (size_t i = 0; i < count; ++i) places.push_back(hidden[i].place);
  return places;
}

TEST(RevealOrder, ConfidenceTakesTheMostProbable) { EXPECT_THAT(chosen("confidence", 2), ElementsAre(2, 3)); }

TEST(RevealOrder, EntropyBoundTakesWhatIsSureTogetherAndNeverFewerThanAsked) {
  const auto with_bound = [](double bound) { return "[sampling.entropy-bound]\nbound = " + std::to_string(bound) + "\n"; };
  EXPECT_THAT(chosen("entropy-bound", 1, with_bound(0.7)), ElementsAre(2, 1));  // 0.1 + 0.5
  EXPECT_THAT(chosen("entropy-bound", 1, with_bound(1.3)), ElementsAre(2, 1, 3));
  EXPECT_THAT(chosen("entropy-bound", 1, with_bound(0)), ElementsAre(2));
  EXPECT_THAT(chosen("entropy-bound", 0, with_bound(0)), ElementsAre(2)) << "a step reveals something";
  EXPECT_THAT(chosen("entropy-bound", 4, with_bound(0)), ElementsAre(2, 1, 3, 0));
  EXPECT_THAT(chosen("entropy-bound", 1, with_bound(100)), ElementsAre(2, 1, 3, 0, 4));
}

TEST(RevealOrder, RandomTakesEveryPairEquallyOften) {
  std::map<std::vector<int64_t>, int> pairs;
  for (uint64_t seed = 0; seed < 10000; ++seed) {
    auto pair = chosen("random", 2, "", seed);
    std::sort(pair.begin(), pair.end());
    ++pairs[pair];
  }
  EXPECT_EQ(pairs.size(), 10U);
  for (const auto& [pair, count] : pairs) EXPECT_NEAR(count, 1000, 120);
}

}  // namespace
}  // namespace difflm
