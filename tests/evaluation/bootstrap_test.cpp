#include "difflm/evaluation/bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "difflm/core/error.h"
#include "difflm/core/random.h"
#include "difflm/evaluation/metric/distinct_n.h"
#include "difflm/evaluation/metric/unigram_entropy.h"

namespace difflm {
namespace {

MetricValue mean_interval(const std::vector<double>& values, BootstrapSettings settings) {
  return bootstrap_ratio(values, std::vector<double>(values.size(), 1), settings);
}

TEST(Bootstrap, MeanOfExponentialIsCoveredAboutAsOftenAsClaimed) {
  int covered = 0;
  constexpr int kTrials = 400;
  for (int trial = 0; trial < kTrials; ++trial) {
    RandomStream random(7, "exponential", static_cast<uint64_t>(trial));
    std::vector<double> values(80);
    for (auto& value : values) value = -std::log(1 - random.uniform());
    const auto found = mean_interval(values, {static_cast<uint64_t>(trial), 300});
    covered += found.lower <= 1 && 1 <= found.upper;
  }
  // 93% is expected at 80 skewed values; the standard error of 400 trials is 1.3%.
  EXPECT_GE(covered, 0.89 * kTrials);
  EXPECT_LE(covered, 0.98 * kTrials);
}

TEST(Bootstrap, ErrorOfTheMeanIsTheStandardError) {
  std::vector<double> values(100);
  std::iota(values.begin(), values.end(), 0.0);
  const auto found = mean_interval(values, {3, 4000});
  // The standard deviation of 0..99 is sqrt((100^2 - 1) / 12) = 28.866; over 10 that is 2.887.
  EXPECT_DOUBLE_EQ(found.value, 49.5);
  EXPECT_NEAR(found.error, 2.8866, 0.1);
  EXPECT_NEAR(found.lower, 49.5 - 1.96 * 2.8866, 0.4);
  EXPECT_NEAR(found.upper, 49.5 + 1.96 * 2.8866, 0.4);
}

// Sets of texts of independent words of known frequencies, 1 / rank.
class ZipfTexts {
 public:
  ZipfTexts() {
    double sum = 0;
    for (int rank = 1; rank <= 200; ++rank) upto_.push_back(sum += 1.0 / rank);
  }
  TextSet draw(uint64_t seed, size_t texts, size_t length) const {
    RandomStream random(seed, "zipf");
    TextSet set;
    for (size_t i = 0; i < texts; ++i) {
      Words words;
      for (size_t k = 0; k < length; ++k) {
        const auto place = std::upper_bound(upto_.begin(), upto_.end(), random.uniform() * upto_.back());
        words.push_back(std::to_string(place - upto_.begin()));
      }
      set.texts.emplace_back();
      set.words.push_back(words);
    }
    return set;
  }
  // The mean of distinct-1 over sets of `count` words, exactly.
  double expected_distinct(double count) const {
    double distinct = 0;
    for (size_t i = 0; i < upto_.size(); ++i) {
      const double p = (upto_[i] - (i ? upto_[i - 1] : 0)) / upto_.back();
      distinct += 1 - std::pow(1 - p, count);
    }
    return distinct / count;
  }

 private:
  std::vector<double> upto_;
};

TEST(Bootstrap, DistinctIsCoveredAlthoughResamplesRepeatTexts) {
  const ZipfTexts zipf;
  const double truth = zipf.expected_distinct(600);
  const DistinctN<1> metric{NoOptions{}};
  const TextSet none;
  int covered = 0;
  for (uint64_t trial = 0; trial < 200; ++trial) {
    const auto set = zipf.draw(trial, 60, 10);
    const auto found = metric.compute({set, none, none, nullptr, trial, 200});
    covered += found.lower <= truth && truth <= found.upper;
  }
  EXPECT_GE(covered, 180);
}

TEST(Bootstrap, EntropyIsCoveredAlthoughResamplesRepeatTexts) {
  const ZipfTexts zipf;
  const UnigramEntropy metric{NoOptions{}};
  const TextSet none;
  std::vector<MetricValue> found;
  double mean = 0;
  for (uint64_t trial = 0; trial < 200; ++trial) {
    const auto set = zipf.draw(trial, 60, 10);
    found.push_back(metric.compute({set, none, none, nullptr, trial, 200}));
    mean += found.back().value / 200;
  }
  const auto covered = std::count_if(found.begin(), found.end(), [&](const auto& v) { return v.lower <= mean && mean <= v.upper; });
  EXPECT_GE(covered, 178);
  EXPECT_LT(covered, 200);  // an interval that always covers is too wide to tell anything
}

TEST(Bootstrap, IntervalIsCentredOnTheValueWhereResamplesAreBiased) {
  // The share of different texts is 1 - 1/e in a resample, with a variance of (1/e - 2/e^2) / n.
  const auto different = [](std::span<const int32_t> weights) {
    return 1 - static_cast<double>(std::count(weights.begin(), weights.end(), 0)) / static_cast<double>(weights.size());
  };
  const auto found = bootstrap(400, different, {5, 4000});
  EXPECT_EQ(found.value, 1);
  EXPECT_NEAR(found.error, 0.01559, 0.0006);
  EXPECT_NEAR(found.lower, 1 - 1.96 * 0.01559, 0.004);
  EXPECT_NEAR(found.upper, 1 + 1.96 * 0.01559, 0.004);
}

TEST(Bootstrap, SameSeedSameInterval) {
  const std::vector<double> values = {1, 5, 2, 8, 3};
  const auto a = mean_interval(values, {11, 200});
  const auto b = mean_interval(values, {11, 200});
  const auto c = mean_interval(values, {12, 200});
  EXPECT_EQ(a.lower, b.lower);
  EXPECT_EQ(a.upper, b.upper);
  EXPECT_EQ(a.value, c.value);
  EXPECT_NE(a.error, c.error);
}

TEST(Bootstrap, StaysWithinLimits) {
  const std::vector<double> values = {1, 1, 1, 0};
  const auto found = bootstrap_ratio(values, std::vector<double>(4, 1), {1, 500}, {0.5, 0.9});
  EXPECT_EQ(found.lower, 0.5);
  EXPECT_EQ(found.upper, 0.9);
}

TEST(Bootstrap, UndefinedValuesAreNotANumber) {
  const std::vector<double> zeros = {0, 0};
  EXPECT_TRUE(std::isnan(bootstrap_ratio(zeros, zeros, {1, 10}).value));
  // One of two texts counts: the resamples without it are left out, and the rest give 2.
  const std::vector<double> numerators = {2, 0};
  const std::vector<double> denominators = {1, 0};
  const auto found = bootstrap_ratio(numerators, denominators, {1, 100});
  EXPECT_EQ(found.value, 2);
  EXPECT_EQ(found.lower, 2);
  EXPECT_EQ(found.upper, 2);
}

TEST(Bootstrap, RefusesNothingToResample) {
  EXPECT_THROW(mean_interval({}, {1, 10}), Error);
  EXPECT_THROW(mean_interval({1.0}, {1, 0}), Error);
}

}  // namespace
}  // namespace difflm
