// What a noisy word says by itself, against Bayes' rule, and as the output of an untrained model.
#include "difflm/diffusion/noise_process.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <numbers>

#include "difflm/diffusion/noise_process/gaussian.h"
#include "difflm/training/diffusion_objective.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

TEST(Evidence, OfGaussianNoiseIsBayesRule) {
  torch::manual_seed(1);
  constexpr int64_t kWords = 5;
  const Tensor table = torch::randn({kWords, 2}, torch::kFloat64);
  const std::vector<double> prior = {0.4, 0.3, 0.15, 0.1, 0.05};
  const Tensor log_prior = torch::tensor(prior, torch::kFloat64).log();
  const Tensor alpha_bar = torch::tensor({0.9, 0.3, 0.001}, torch::kFloat64);
  const Tensor z = torch::randn({3, 4, 2}, torch::kFloat64);
  const Tensor posterior = torch::softmax(GaussianNoise({}, Config()).evidence(z, table, alpha_bar) + log_prior, -1);
  for (int64_t b = 0; b < 3; ++b) {
    const double signal = alpha_bar[b].item<double>();
    for (int64_t t = 0; t < 4; ++t) {
      std::vector<double> joint;
      double total = 0;
      for (int64_t w = 0; w < kWords; ++w) {
        double density = prior[static_cast<size_t>(w)];
        for (int64_t d = 0; d < 2; ++d) {
          const double distance = z[b][t][d].item<double>() - std::sqrt(signal) * table[w][d].item<double>();
          density *= std::exp(-distance * distance / (2 * (1 - signal))) / std::sqrt(2 * std::numbers::pi * (1 - signal));
        }
        joint.push_back(density);
        total += density;
      }
      for (int64_t w = 0; w < kWords; ++w) {
        EXPECT_NEAR(posterior[b][t][w].item<double>(), joint[static_cast<size_t>(w)] / total, 1e-9);
      }
    }
  }
}

// A transformer whose output is still zero, with the logits' skip, unit rows and the unigrams as its bias, *is* the context-free
// posterior: the two curves of validation start as one.
TEST(Evidence, IsWhatAnUntrainedModelSays) {
  const auto small = small_model("");
  Tensor counts = torch::arange(1, 21, torch::kFloat64);
  {
    const torch::NoGradGuard no_grad;
    parameter_of(*small.model, "rounding.bias").copy_(((counts + 0.01) / (counts + 0.01).sum()).log());
  }
  DiffusionObjective objective(small.shared_diffusion(), small.config, counts);
  torch::manual_seed(2);
  const ValidationLoss loss = objective.validate({{torch::randint(20, {40, 6}, torch::kInt64), 240}});
  std::map<std::string, double> values(loss.values.begin(), loss.values.end());
  for (int bin = 1; bin < 8; ++bin) {
    const double model = values.at(fmt::format("cross_entropy_u{}", bin));
    EXPECT_NEAR(model, values.at(fmt::format("context_free_u{}", bin)), 1e-3 * std::max(1.0, model)) << bin;
  }
  EXPECT_GT(values.at("cross_entropy_u7"), values.at("cross_entropy_u1") + 0.3);
}

std::unique_ptr<NoiseProcess> process_of(const std::string& toml) { return make_noise_process(config_of(toml)); }

// A word that stands there was kept, or drawn from `random` / V; one that is hidden says nothing.
TEST(Evidence, OfReplacedWordsIsBayesRule) {
  const Tensor table = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}, {-1.0F, 0.0F}});
  const Tensor x_t = torch::stack({table[1], torch::zeros({2})}).unsqueeze(0);  // [1,2,2]
  const std::map<std::string, double> random = {{"uniform", 1}, {"mixed", 0.1}};
  for (const auto& [name, share] : random) {
    const auto process = process_of("noise.process = \"" + name + "\"\nnoise.schedule = \"log-linear\"\n");
    const Tensor logs = process->evidence(x_t, table, torch::full({1}, 0.6F));
    const double other = 0.4 * share / 3;
    EXPECT_NEAR(logs[0][0][1].item<double>() - logs[0][0][0].item<double>(), std::log((0.6 + other) / other), 1e-4) << name;
    EXPECT_EQ(logs[0][0][2].item<double>(), logs[0][0][0].item<double>());
    EXPECT_EQ(logs[0][1].abs().sum().item<double>(), 0) << "hidden";
    // The skip adds the same to the logits of orthogonal rows of norm 1.
    const Tensor skip = process->skip_weight(torch::full({1}, 0.6F), 3, 1) * torch::matmul(x_t, table.t());
    EXPECT_NEAR(skip[0][0][1].item<double>(), std::log((0.6 + other) / other), 1e-4);
  }
}

}  // namespace
}  // namespace difflm::test
