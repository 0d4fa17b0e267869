// The area against golden numbers (mauve_golden.py), the clusters on blobs, and the metric on features of known distributions.
#include "difflm/evaluation/metric/mauve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "difflm/core/random.h"

namespace difflm {
namespace {

using Shares = std::vector<double>;

TEST(Mauve, TheAreaIsThatOfTheDefinition) {
  EXPECT_NEAR(mauve_of_shares(Shares{0.5, 0.5}, Shares{0.5, 0.5}), 1, 1e-10);
  EXPECT_NEAR(mauve_of_shares(Shares{0.6, 0.4}, Shares{0.4, 0.6}), 0.9768261312, 1e-9);
  EXPECT_NEAR(mauve_of_shares(Shares{0.9, 0.1}, Shares{0.1, 0.9}), 0.0826015077, 1e-9);
  EXPECT_NEAR(mauve_of_shares(Shares{0.7, 0.2, 0.1}, Shares{0.2, 0.3, 0.5}), 0.4836305462, 1e-9);
  EXPECT_NEAR(mauve_of_shares(Shares{1, 0}, Shares{0, 1}), 0.0040720963, 1e-9);
}

TEST(Mauve, IsSymmetric) {
  EXPECT_NEAR(mauve_of_shares(Shares{0.7, 0.2, 0.1}, Shares{0.2, 0.3, 0.5}),
              mauve_of_shares(Shares{0.2, 0.3, 0.5}, Shares{0.7, 0.2, 0.1}), 1e-9);
}

TEST(Mauve, KMeansFindsBlobs) {
  RandomStream random(1);
  std::vector<std::vector<float>> points;
  for (int i = 0; i < 90; ++i) {
    const auto blob = static_cast<float>(i % 3);
    points.push_back({10 * blob + static_cast<float>(random.uniform()), -10 * blob + static_cast<float>(random.uniform())});
  }
  const auto cluster = k_means(points, 3, 5);
  EXPECT_EQ(std::set<int64_t>(cluster.begin(), cluster.end()).size(), 3u);
  for (size_t i = 3; i < cluster.size(); ++i) EXPECT_EQ(cluster[i], cluster[i % 3]);
  EXPECT_EQ(cluster, k_means(points, 3, 5));
}

// A text "k" has its own place on a circle; a judge without places has no features.
class CircleJudge : public Judge {
 public:
  std::string name() const override { return "circle"; }
  std::vector<Score> score(const std::vector<std::string>& texts) const override {
    return std::vector<Score>(texts.size(), {1, 1});
  }
  std::vector<std::vector<float>> features(const std::vector<std::string>& texts) const override {
    std::vector<std::vector<float>> points;
    for (const auto& text : texts) {
      const double angle = std::stod(text) / 100 * 6.2832;
      points.push_back({static_cast<float>(7 * std::cos(angle)), static_cast<float>(7 * std::sin(angle))});
    }
    return points;
  }
};

// `count` texts with numbers from `from` to `from` + 50.
TextSet arc(size_t count, double from, uint64_t seed) {
  RandomStream random(seed);
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) texts.push_back(std::to_string(from + 50 * random.uniform()));
  return make_text_set(texts);
}

double mauve(const TextSet& samples, const TextSet& reference) {
  const CircleJudge judge;
  const MetricInput input{samples, reference, reference, &judge, 1, 100};
  return Mauve({}).compute(input).value;
}

TEST(Mauve, FallsAsTheSamplesLeaveTheReference) {
  const TextSet reference = arc(400, 0, 1);
  const double same = mauve(arc(400, 0, 2), reference);
  const double near = mauve(arc(400, 15, 2), reference);
  const double far = mauve(arc(400, 50, 2), reference);
  EXPECT_GT(same, 0.9);
  EXPECT_LT(near, same - 0.1);
  EXPECT_LT(far, 0.05);
}

TEST(Mauve, TakesEquallyManyOfBothSides) {
  const TextSet reference = arc(100, 0, 1);
  TextSet samples = arc(100, 0, 2);
  const double before = mauve(samples, reference);
  for (const auto& text : arc(300, 50, 3).texts) samples.texts.push_back(text);  // beyond the first 100: not looked at
  samples = make_text_set(samples.texts);
  EXPECT_EQ(mauve(samples, reference), before);
}

TEST(Mauve, IsUndefinedForFewTextsAndForJudgesWithoutFeatures) {
  EXPECT_TRUE(std::isnan(mauve(arc(19, 0, 1), arc(400, 0, 2))));
  EXPECT_FALSE(std::isnan(mauve(arc(20, 0, 1), arc(400, 0, 2))));
  class Plain : public CircleJudge {
    std::vector<std::vector<float>> features(const std::vector<std::string>&) const override { return {}; }
  };
  const Plain judge;
  const TextSet texts = arc(50, 0, 1);
  EXPECT_TRUE(std::isnan(Mauve({}).compute({texts, texts, texts, &judge, 1, 10}).value));
}

}  // namespace
}  // namespace difflm
