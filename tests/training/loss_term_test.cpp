// Loss terms on hand-made tensors against their formulas, written out with explicit sums.
#include "difflm/training/loss_term.h"

#include <gtest/gtest.h>

#include <cmath>

#include "difflm/diffusion/noise_process/gaussian.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

constexpr int64_t kVocabulary = 6;
constexpr int64_t kRows = 3;
constexpr int64_t kLength = 2;
constexpr int64_t kDimension = 2;

const char* const kModel = "model.norm = \"none\"\nmodel.learned.dimension = 2\n";

// A model whose table and rounding bias are known, and a batch of known numbers.
class LossTerms : public ::testing::Test {
 protected:
  explicit LossTerms(const std::string& toml = "noise.steps = 2000\nnoise.start_noise = true\nmodel.parametrisation = \"x0\"\n")
      : small_(small_model(kModel + toml, kVocabulary)) {
    const torch::NoGradGuard no_grad;
    table_ = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}, {-1.0F, 0.5F}, {0.3F, -0.8F}, {2.0F, 1.0F}, {-0.4F, -1.5F}});
    bias_ = torch::tensor({0.1F, -0.2F, 0.3F, 0.0F, -0.1F, 0.2F});
    parameter_of(*small_.model, "space.table").copy_(table_);
    parameter_of(*small_.model, "rounding.bias").copy_(bias_);
    torch::manual_seed(3);
    batch_.tokens = torch::tensor({{4L, 0L}, {5L, 2L}, {1L, 3L}});
    batch_.u = torch::tensor({1 / 2000.0, 0.5, 1.0}, torch::kFloat64);
    batch_.alpha_bar = torch::tensor({0.9F, 0.5F, 0.1F});
    batch_.table = small_.diffusion().table();
    batch_.embeddings = torch::embedding(table_, batch_.tokens);
    batch_.x0 = batch_.embeddings + 0.1 * torch::randn({kRows, kLength, kDimension});
    batch_.noise = torch::randn({kRows, kLength, kDimension});
    batch_.x_t = diffuse(batch_.x0, batch_.noise, batch_.alpha_bar);
    batch_.scored = torch::ones({kRows, kLength});
    batch_.first_step = torch::tensor({true, false, false});
    batch_.estimate = {torch::randn({kRows, kLength, kDimension}), torch::randn({kRows, kLength, kDimension}),
                       torch::randn({kRows, kLength, kDimension})};
  }

  Tensor term(const std::string& name, const Config& config = {}) const {
    return loss_terms().make(name, config)->per_sequence(batch_, small_.diffusion());
  }

  // -log p(token) under p ~ exp(x . e_w + b_w), smoothed: (1 - s) of the token's and s of the mean over all tokens.
  double nats(const Tensor& points, int64_t row, int64_t at, double smoothing = 0) const {
    std::vector<double> scores;
    double total = 0;
    for (int64_t w = 0; w < kVocabulary; ++w) {
      double score = bias_[w].item<double>();
      for (int64_t d = 0; d < kDimension; ++d) score += points[row][at][d].item<double>() * table_[w][d].item<double>();
      scores.push_back(score);
      total += std::exp(score);
    }
    double mean = 0;
    for (const double score : scores) mean += (std::log(total) - score) / kVocabulary;
    const double own = std::log(total) - scores[static_cast<size_t>(batch_.tokens[row][at].item<int64_t>())];
    return (1 - smoothing) * own + smoothing * mean;
  }

  static double square(const Tensor& a, const Tensor& b, int64_t row, int64_t at) {
    double sum = 0;
    for (int64_t d = 0; d < kDimension; ++d) {
      const double difference = a[row][at][d].item<double>() - b[row][at][d].item<double>();
      sum += difference * difference;
    }
    return sum;
  }

  static void expect(const Tensor& values, const std::vector<double>& expected) {
    ASSERT_EQ(values.numel(), static_cast<int64_t>(expected.size()));
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(values[static_cast<int64_t>(i)].item<double>(), expected[i], 1e-6 * std::max(1.0, std::abs(expected[i]))) << i;
    }
  }

  SmallModel small_;
  Tensor table_;
  Tensor bias_;
  DiffusedBatch batch_;
};

class EpsilonLossTerms : public LossTerms {
 protected:
  EpsilonLossTerms() : LossTerms("model.parametrisation = \"epsilon\"\n") {}
};

// The target is the noisy x_0, but the clean embedding on the first step.
// Over the length a row with more scored tokens counts more.
TEST_F(LossTerms, CrossEntropyOverTheLengthIsTheSumOfScoredTokens) {
  batch_.scored = torch::tensor({{1.0F, 1.0F}, {0.0F, 1.0F}, {1.0F, 0.0F}});
  const Tensor values = term("cross-entropy", config_of("loss.cross-entropy.over = \"length\"\n"));
  const Tensor& point = batch_.estimate.point;
  EXPECT_NEAR(values[0].item<double>(), (nats(point, 0, 0) + nats(point, 0, 1)) / 2, 1e-5);
  EXPECT_NEAR(values[1].item<double>(), nats(point, 1, 1) / 2, 1e-5);
  EXPECT_NEAR(values[2].item<double>(), nats(point, 2, 0) / 2, 1e-5);
}

TEST_F(LossTerms, DenoiseWithTheRuleOfTheFirstStep) {
  std::vector<double> expected;
  for (int64_t row = 0; row < kRows; ++row) {
    const Tensor& truth = row == 0 ? batch_.embeddings : batch_.x0;
    const Tensor& guess = row == 0 ? batch_.estimate.x0 : batch_.estimate.output;
    expected.push_back((square(guess, truth, row, 0) + square(guess, truth, row, 1)) / 4);
  }
  expect(term("denoise"), expected);
}

TEST_F(EpsilonLossTerms, DenoiseComparesNoiseWithNoise) {
  std::vector<double> expected;
  for (int64_t row = 0; row < kRows; ++row) {
    expected.push_back(
        (square(batch_.estimate.output, batch_.noise, row, 0) + square(batch_.estimate.output, batch_.noise, row, 1)) / 4);
  }
  expect(term("denoise"), expected);
}

TEST_F(LossTerms, RoundingReadsX0) {
  std::vector<double> expected;
  for (int64_t row = 0; row < kRows; ++row) expected.push_back((nats(batch_.x0, row, 0) + nats(batch_.x0, row, 1)) / 2);
  expect(term("rounding"), expected);
}

TEST_F(LossTerms, CrossEntropyReadsThePoint) {
  std::vector<double> expected;
  for (int64_t row = 0; row < kRows; ++row) {
    expected.push_back((nats(batch_.estimate.point, row, 0) + nats(batch_.estimate.point, row, 1)) / 2);
  }
  expect(term("cross-entropy"), expected);
}

TEST_F(LossTerms, AnchorReadsTheEstimateSmoothed) {
  for (const double smoothing : {0.1, 0.0, 0.4}) {
    std::vector<double> expected;
    for (int64_t row = 0; row < kRows; ++row) {
      expected.push_back((nats(batch_.estimate.x0, row, 0, smoothing) + nats(batch_.estimate.x0, row, 1, smoothing)) / 2);
    }
    expect(term("anchor", config_of(fmt::format("[loss.anchor]\nsmoothing = {:.1f}\n", smoothing))), expected);
  }
}

// alpha_bar of the last of 2000 sqrt steps is 2.0204e-7.
TEST_F(LossTerms, PriorIsWhatIsLeftOfX0) {
  const Tensor zero = torch::zeros_like(batch_.x0);
  const Tensor values = term("prior");
  for (int64_t row = 0; row < kRows; ++row) {
    const double mean = (square(batch_.x0, zero, row, 0) + square(batch_.x0, zero, row, 1)) / 4;
    EXPECT_NEAR(values[row].item<double>() / (2.0204040808e-7 * mean), 1, 1e-5) << row;
  }
}

// Tokens given clean are not scored; a sequence of which all are given costs nothing.
TEST_F(LossTerms, GivenTokensAreNotScored) {
  batch_.scored = torch::tensor({{1.0F, 1.0F}, {0.0F, 1.0F}, {0.0F, 0.0F}});
  const Tensor entropy = term("cross-entropy");
  EXPECT_NEAR(entropy[1].item<double>(), nats(batch_.estimate.point, 1, 1), 1e-5);
  EXPECT_EQ(entropy[2].item<double>(), 0);
  const Tensor denoise = term("denoise");
  EXPECT_NEAR(denoise[1].item<double>(), square(batch_.estimate.output, batch_.x0, 1, 1) / 2, 1e-5);
  EXPECT_EQ(denoise[2].item<double>(), 0);
  EXPECT_NEAR(term("anchor")[1].item<double>(), nats(batch_.estimate.x0, 1, 1, 0.1), 1e-5);
}

TEST_F(LossTerms, EveryListedTermIsFiniteAndOnePerSequence) {
  for (const auto& name : loss_terms().names()) {
    const Tensor values = term(name);
    EXPECT_EQ(values.sizes(), (std::vector<int64_t>{kRows})) << name;
    EXPECT_TRUE(torch::isfinite(values).all().item<bool>()) << name;
    EXPECT_GT(values.min().item<double>(), 0) << name;
  }
}

TEST(LossWeight, BeginsAndRamps) {
  for (const auto& name : loss_terms().names()) {
    const auto term = loss_terms().make(name, config_of("[loss." + name + "]\nweight = 3.0\nbegin = 10\nramp = 4\n"));
    const std::vector<std::pair<int64_t, double>> expected = {{0, 0}, {9, 0}, {10, 0.75}, {12, 2.25}, {13, 3}, {1000000, 3}};
    for (const auto& [step, weight] : expected) EXPECT_DOUBLE_EQ(term->weight(step), weight) << name << " at " << step;
    EXPECT_EQ(loss_terms().make(name, Config())->weight(0), 1) << name;
  }
}

}  // namespace
}  // namespace difflm::test
