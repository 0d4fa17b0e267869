// Every listed learning-rate schedule stays within [0,1] and never rises; their end points.
#include "difflm/training/learning_rate.h"

#include <gtest/gtest.h>

namespace difflm::test {
namespace {

TEST(LearningRateContract, StartsAtOneAndNeverRises) {
  for (const auto& name : learning_rates().names()) {
    SCOPED_TRACE(name);
    const auto rate = learning_rates().make(name, Config());
    EXPECT_DOUBLE_EQ(rate->factor(0), 1);
    double before = 1;
    for (int i = 0; i <= 1000; ++i) {
      const double now = rate->factor(i / 1000.0);
      EXPECT_GE(now, 0);
      EXPECT_LE(now, before + 1e-12);
      before = now;
    }
  }
}

TEST(LearningRate, Values) {
  EXPECT_EQ(learning_rates().make("constant", Config())->factor(0.7), 1);
  EXPECT_NEAR(learning_rates().make("linear", Config())->factor(0.25), 0.75, 1e-12);
  EXPECT_NEAR(learning_rates().make("linear", Config())->factor(1), 0, 1e-12);
  Config config;
  config.read_override("train.cosine.last=0.1");
  const auto cosine = learning_rates().make("cosine", config);
  EXPECT_NEAR(cosine->factor(0.5), 0.55, 1e-12);
  EXPECT_NEAR(cosine->factor(1), 0.1, 1e-12);
}

}  // namespace
}  // namespace difflm::test
