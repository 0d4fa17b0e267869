#include "difflm/core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace difflm {
namespace {

// First outputs of the reference C code of SplitMix64 (Vigna) for seeds 0 and 1234567.
TEST(RandomStream, gives_the_numbers_of_splitmix64) {
  RandomStream zero(0);
  EXPECT_EQ(zero.next(), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(zero.next(), 0x6e789e6aa1b965f4ULL);
  EXPECT_EQ(zero.next(), 0x06c45d188009454fULL);
  RandomStream other(1234567);
  EXPECT_EQ(other.next(), 6457827717110365317ULL);
  EXPECT_EQ(other.next(), 3203168211198807973ULL);
}

// Published FNV-1a 64 values, before the scattering.
TEST(HashText, is_fnv1a_scattered) {
  EXPECT_EQ(hash_text(""), scatter(0xcbf29ce484222325ULL));
  EXPECT_EQ(hash_text("a"), scatter(0xaf63dc4c8601ec8cULL));
  EXPECT_EQ(hash_text("foobar"), scatter(0x85944171f73967e8ULL));
}

TEST(RandomStream, streams_of_other_seed_purpose_or_index_differ) {
  std::set<uint64_t> firsts;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    for (const auto* purpose : {"noise", "dropout", "shuffle"}) {
      for (uint64_t index = 0; index < 100; ++index) firsts.insert(RandomStream(seed, purpose, index).next());
    }
  }
  EXPECT_EQ(firsts.size(), 3000U);
  EXPECT_EQ(RandomStream(3, "noise", 5).next(), RandomStream(3, "noise", 5).next());
}

TEST(RandomStream, uniform_numbers_have_the_moments_of_the_unit_interval) {
  RandomStream stream(1, "moments");
  double sum = 0;
  double squares = 0;
  const int count = 200000;
  for (int i = 0; i < count; ++i) {
    const double x = stream.uniform();
    ASSERT_GE(x, 0);
    ASSERT_LT(x, 1);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / count, 1.0 / 2, 0.004);  // 6 standard errors
  EXPECT_NEAR(squares / count, 1.0 / 3, 0.004);
}

TEST(RandomStream, below_is_even_over_its_range) {
  RandomStream stream(2, "below");
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts[stream.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 600);
  EXPECT_EQ(stream.below(1), 0U);
}

TEST(RandomStream, shuffle_reaches_every_order_evenly) {
  RandomStream stream(3, "shuffle");
  std::vector<int> counts(6);
  std::vector<std::vector<int>> orders;
  std::vector<int> items = {0, 1, 2};
  do orders.push_back(items);
  while (std::next_permutation(items.begin(), items.end()));
  for (int i = 0; i < 60000; ++i) {
    items = {0, 1, 2};
    stream.shuffle(items);
    ++counts[static_cast<size_t>(std::find(orders.begin(), orders.end(), items) - orders.begin())];
  }
  for (const int count : counts) EXPECT_NEAR(count, 10000, 600);
}

}  // namespace
}  // namespace difflm
