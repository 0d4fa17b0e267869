#include "difflm/kernels/dropout.h"

#include <gtest/gtest.h>

#include <cmath>

namespace difflm {
namespace {

// The kept share and the independence of neighbours, each within five standard deviations of what a fair coin gives.
TEST(DropoutMask, KeepsTheShareItIsAskedFor) {
  constexpr int kCount = 100000;
  for (const float share : {0.1F, 0.5F}) {
    for (const uint32_t seed : {0U, 1U, 77U}) {
      const DropoutMask mask({share, seed});
      int dropped = 0;
      int both = 0;
      for (uint32_t i = 0; i < kCount; ++i) {
        const bool here = mask.factor(i) == 0;
        dropped += here ? 1 : 0;
        both += here && mask.factor(i + 1) == 0 ? 1 : 0;
        if (!here) {
          EXPECT_FLOAT_EQ(mask.factor(i), 1 / (1 - share));
        }
      }
      EXPECT_NEAR(dropped, kCount * share, 5 * std::sqrt(kCount * share));
      EXPECT_NEAR(both, kCount * share * share, 5 * std::sqrt(kCount * share * share));
    }
  }
}

TEST(DropoutMask, IsAllOnesWhereItIsOff) {
  const DropoutMask mask({0, 5});
  for (uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(mask.factor(i), 1.0F);
}

}  // namespace
}  // namespace difflm
