// The bound on toys whose likelihood is known exactly: independent tokens of two words at -1 and +1 with known probabilities, for
// which the best estimate is the posterior mean in closed form; and a model that has learned nothing, for which every term is.
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/diffusion/noise_process/gaussian.h"

#include <gtest/gtest.h>

#include <cmath>

namespace difflm {
namespace {

GaussianNoise process() {
  NoiseOptions options;
  options.schedule = "cosine";
  return {options, Config()};
}

const Tensor& table() {
  static const Tensor rows = torch::tensor({-1.0F, 1.0F}).view({2, 1});
  return rows;
}

// log odds of word 1 after seeing x = sqrt(a) E_w + sqrt(1 - a) noise: 2 x sqrt(a) / (1 - a) + log(p / (1 - p))
Tensor log_odds(const Tensor& x, double a, double p) { return 2 * std::sqrt(a) / (1 - a) * x + std::log(p / (1 - p)); }

LikelihoodModel ideal(const NoiseProcess& noise, double p) {
  return {[&noise, p](const Tensor& x, double u) { return torch::tanh(log_odds(x, noise.alpha_bar(u), p) / 2); },
          [&noise, p](const Tensor& x, double u, const Tensor& tokens) {
            const Tensor odds = log_odds(x, noise.alpha_bar(u), p).squeeze(-1);
            return -torch::log_sigmoid(torch::where(tokens == 1, odds, -odds));
          }};
}

// 400 sequences of 10 tokens, exactly a share p of them word 1.
std::vector<Batch> batches(double p) {
  Tensor tokens = torch::zeros({4000}, torch::kInt64);
  tokens.narrow(0, 0, static_cast<int64_t>(4000 * p)).fill_(1);
  return {{tokens.view({10, 400}).t().contiguous(), 4000}};
}

double entropy(double p) { return -p * std::log(p) - (1 - p) * std::log(1 - p); }

TEST(LikelihoodBound, TheBestModelsBoundTendsToTheEntropyOfTheData) {
  const GaussianNoise noise = process();
  for (const double p : {0.5, 0.9}) {
    double before = 1e9;
    for (const int64_t steps : {5, 20, 400}) {
      const auto bound = likelihood_bound(ideal(noise, p), noise, table(), noise.sampling_times(steps), batches(p), 3);
      EXPECT_EQ(bound.tokens, 4000);
      EXPECT_EQ(bound.steps, steps);
      EXPECT_NEAR(bound.total, bound.prior + bound.diffusion + bound.reconstruction, 1e-12);
      EXPECT_GT(bound.total, entropy(p) - 3 * bound.error) << p << " " << steps;
      EXPECT_LT(bound.total, before + 3 * bound.error);
      before = bound.total;
    }
    EXPECT_NEAR(before, entropy(p), 0.03) << p;
  }
}

TEST(LikelihoodBound, AWrongModelPaysItsDivergence) {
  const GaussianNoise noise = process();
  // Assumes 0.5 where 0.9 is true: cross-entropy log 2 of every token, 0.368 more than the entropy.
  const auto bound = likelihood_bound(ideal(noise, 0.5), noise, table(), noise.sampling_times(400), batches(0.9), 3);
  EXPECT_NEAR(bound.total, std::log(2), 0.03);
  EXPECT_GT(bound.total, entropy(0.9) + 0.3);
}

TEST(LikelihoodBound, EveryTermOfAModelThatKnowsNothing) {
  const GaussianNoise noise = process();
  const LikelihoodModel nothing = {
      [](const Tensor& x, double) { return torch::zeros_like(x); },
      [](const Tensor&, double, const Tensor& tokens) { return torch::full(tokens.sizes(), std::log(2)); }};
  const auto times = noise.sampling_times(7);
  const auto bound = likelihood_bound(nothing, noise, table(), times, batches(0.5), 1);
  // |E_w| = 1 and the estimate is 0: a step to s costs from_x0^2 / (2 variance), in signal-to-noise ratios half their difference.
  const auto ratio = [&](double u) { return noise.alpha_bar(u) / (1 - noise.alpha_bar(u)); };
  EXPECT_NEAR(bound.diffusion, (ratio(times.back()) - ratio(times.front())) / 2, 1e-3 * bound.diffusion);
  const double a = noise.alpha_bar(times.front());
  EXPECT_NEAR(bound.prior, 0.5 * (a + (1 - a) - 1 - std::log(1 - a)), 1e-9);
  EXPECT_NEAR(bound.reconstruction, std::log(2), 1e-7);  // float32
  EXPECT_NEAR(bound.error, 0, 1e-9);
}

}  // namespace
}  // namespace difflm
