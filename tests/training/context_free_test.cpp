// The context-free posterior against Bayes' rule, and as the output of an untrained model.
#include "difflm/training/context_free.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "difflm/training/diffusion_objective.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

TEST(ContextFree, IsBayesRule) {
  torch::manual_seed(1);
  constexpr int64_t kWords = 5;
  const Tensor table = torch::randn({kWords, 2}, torch::kFloat64);
  const std::vector<double> prior = {0.4, 0.3, 0.15, 0.1, 0.05};
  const Tensor log_prior = torch::tensor(prior, torch::kFloat64).log();
  const Tensor alpha_bar = torch::tensor({0.9, 0.3, 0.001}, torch::kFloat64);
  const Tensor z = torch::randn({3, 4, 2}, torch::kFloat64);
  const Tensor posterior = torch::softmax(context_free_logits(z, table, alpha_bar, log_prior), -1);
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
TEST(ContextFree, IsWhatAnUntrainedModelSays) {
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

}  // namespace
}  // namespace difflm::test
