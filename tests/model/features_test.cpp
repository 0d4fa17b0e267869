// What the network sees: sizes, given tokens, and the context-free estimate against Bayes' rule.
#include "difflm/model/features.h"

#include <gtest/gtest.h>

#include <cmath>

#include "difflm/diffusion/noise_process.h"
#include "difflm/diffusion/noise_process/gaussian.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

double root_mean_square(const Tensor& values) { return values.square().mean().sqrt().item<double>(); }

TEST(Features, LatentsAreOfUnitSizeAtEveryNoiseLevelAndWhereTheyAreGiven) {
  torch::manual_seed(4);
  for (const double size : {0.1, 0.25, 1.0, 3.0}) {
    const FeatureRule rule = {false, false, false, size};
    for (const double level : {1e-5, 0.3, 0.9, 0.99}) {
      SCOPED_TRACE(level);
      const Tensor alpha_bar = torch::full({1, 1, 1}, level);
      const Tensor clean = size * torch::randn({8, 64, 32});
      const Tensor noisy = diffuse(clean, torch::randn_like(clean), torch::full({8}, level));
      EXPECT_NEAR(root_mean_square(rule.features({noisy, {}, {}, {}}, alpha_bar, {})), 1, 0.02);
      const Tensor given = torch::ones({8, 64});
      EXPECT_NEAR(root_mean_square(rule.features({clean, {}, {}, given}, alpha_bar, {})), 1, 0.02);
    }
  }
}

TEST(Features, ChannelsStandInOrderAndEstimatesAreOfUnitSize) {
  const FeatureRule rule = {true, true, true, 0.5};
  EXPECT_EQ(rule.channels(4), 13);
  const Tensor x = torch::ones({1, 2, 4});
  const Tensor alone = torch::full({1, 2, 4}, 3.0);
  const Tensor features = rule.features({x, {}, 2 * x, torch::tensor({{1.0F, 0.0F}})}, torch::full({1, 1, 1}, 0.5), alone);
  ASSERT_EQ(features.sizes(), (std::vector<int64_t>{1, 2, 13}));
  const double factor = 1 / std::sqrt(0.5 * 0.25 + 0.5);
  const auto channels = [](double latent, double condition, double context_free, double flag) {
    return torch::cat(
        {torch::full({4}, latent), torch::full({4}, condition), torch::full({4}, context_free), torch::full({1}, flag)});
  };
  EXPECT_TRUE(torch::allclose(features[0][0], channels(2, 4, 2, 1)));  // given: its context-free estimate is itself
  EXPECT_TRUE(torch::allclose(features[0][1], channels(factor, 4, 6, 0)));
}

TEST(Features, SequencesWithoutAPassBeforeStartFromTheContextFreeEstimate) {
  const Tensor x = torch::zeros({3, 2, 4});
  const Tensor alone = torch::full({3, 2, 4}, 3.0);
  const Tensor alpha_bar = torch::full({3, 1, 1}, 0.5);
  const FeatureRule rule = {true, true, false, 1};
  const auto condition = [&](const FeatureRule& of, const Tensor& before) {
    return of.features({x, {}, before, {}}, alpha_bar, alone).slice(-1, 4, 8).amax({1, 2});
  };
  EXPECT_TRUE(torch::equal(condition(rule, {}), torch::tensor({3.0, 3.0, 3.0})));
  EXPECT_TRUE(torch::equal(condition(rule, torch::full({2, 2, 4}, 5.0)), torch::tensor({5.0, 5.0, 3.0})));
  EXPECT_TRUE(torch::equal(condition({true, false, false, 1}, torch::full({2, 2, 4}, 5.0)), torch::tensor({5.0, 5.0, 0.0})));
}

TEST(Features, ATableWithoutNormRuleLeavesTheLatentAsItIs) {
  const FeatureRule rule = {false, false, false, 1};
  const Tensor x = torch::randn({2, 3, 4});
  EXPECT_TRUE(torch::equal(rule.features({x, {}, {}, {}}, torch::full({2, 1, 1}, 0.3), {}), x));
}

// p(w | x) ~ exp(b_w) N(x; sqrt(abar) e_w, (1 - abar) I), worked out in double precision; the network's output starts at zero, so
// the model's own estimate must be the same.
TEST(DiffusionModel, TheContextFreeEstimateIsBayesRule) {
  const auto small = small_model("[model]\nscale = 0.5\n");
  auto& model = small.diffusion();
  const torch::NoGradGuard no_grad;
  const Tensor table = model.table();
  torch::manual_seed(5);
  const Tensor x = torch::randn({2, 3, 6});
  const Tensor u = torch::tensor({0.3, 0.8}, torch::kFloat64);
  const Tensor alpha_bar = model.process().alpha_bar(u).to(torch::kFloat64).view({2, 1, 1, 1});
  const Tensor wide = table.to(torch::kFloat64);
  const Tensor distance = (x.to(torch::kFloat64).unsqueeze(2) - alpha_bar.sqrt() * wide).square().sum(-1);  // [B,T,V]
  const Tensor bias = parameter_of(model, "rounding.bias").to(torch::kFloat64);
  const Tensor posterior = (bias - distance / (2 * (1 - alpha_bar.squeeze(-1)))).softmax(-1);
  const Tensor expected = torch::matmul(posterior, wide).to(torch::kFloat32);
  EXPECT_TRUE(torch::allclose(model.context_free_estimate({x, u, {}, {}}, table), expected, 1e-4, 1e-5));
  // Where a token is given, nothing has to be guessed.
  const Tensor given = torch::zeros({2, 3});
  given[1][2] = 1;
  const Tensor partial = model.context_free_estimate({x, u, {}, given}, table);
  EXPECT_TRUE(torch::allclose(partial, expected * (1 - given).unsqueeze(-1), 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(model.estimate({x, u, {}, {}}, table).x0, expected, 1e-4, 1e-5));
}

}  // namespace
}  // namespace difflm::test
