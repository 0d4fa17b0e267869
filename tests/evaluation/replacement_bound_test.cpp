// The bound on toys that can be summed by hand.
#include "difflm/evaluation/model/replacement_bound.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/small_model.h"

namespace difflm::test {
namespace {

// Words of a text are independent: with the posterior of each word by Bayes' rule the reverse process is exact, so the bound is the
// entropy for any number of steps, whatever the share of random words.
TEST(ReplacementBound, OfIndependentWordsIsTheirEntropy) {
  const std::vector<double> prior = {0.6, 0.3, 0.1};
  Tensor tokens = torch::zeros({300, 10}, torch::kInt64);
  double truth = 0;
  for (int64_t at = 0; at < tokens.numel(); ++at) {
    const int64_t word = at % 10 < 6 ? 0 : at % 10 < 9 ? 1 : 2;
    tokens.flatten()[at] = word;
    truth -= std::log(prior[static_cast<size_t>(word)]) / 3000;
  }
  for (const std::string toml : {"process = \"uniform\"\n", "process = \"mixed\"\nmixed.random = 0.3\n"}) {
    const auto process = make_noise_process(config_of("[noise]\nschedule = \"log-linear\"\n" + toml));
    const double random = process->replaces()->random;
    const BelievedWords ideal = [&](const Tensor& words, double u) {
      const double kept = process->alpha_bar(u);
      std::vector<Tensor> joint;
      for (int64_t w = 0; w < 3; ++w) {
        const Tensor seen = torch::where(words >= 0, (words == w) * kept + (1 - kept) * random / 3,
                                         torch::full({}, (1 - kept) * (1 - random), torch::kFloat64));
        joint.push_back(prior[static_cast<size_t>(w)] * seen);
      }
      const Tensor all = torch::stack(joint, -1);
      return (all / all.sum(-1, true)).log();
    };
    for (const int64_t steps : {1, 4, 40}) {
      const auto bound = replacement_bound(ideal, *process, 3, process->sampling_times(steps), {{tokens, tokens.numel()}}, 3);
      EXPECT_NEAR(bound.total, truth, 4 * bound.error + 1e-4) << toml << steps;
      EXPECT_LT(bound.error, 0.03);
    }
  }
}

// A network that knows nothing but the prior pays more.
TEST(ReplacementBound, IsAboveTheEntropyForAWorseModel) {
  const Tensor tokens = torch::zeros({50, 10}, torch::kInt64);
  const auto process = make_noise_process(config_of("[noise]\nprocess = \"uniform\"\nschedule = \"log-linear\"\n"));
  const BelievedWords even = [](const Tensor& words, double) {
    return torch::full({words.size(0), words.size(1), 4}, std::log(0.25));
  };
  EXPECT_NEAR(replacement_bound(even, *process, 4, {1.0}, {{tokens, 500}}, 1).total, std::log(4.0), 1e-3)
      << "one step: no noise is read";
  EXPECT_GT(replacement_bound(even, *process, 4, process->sampling_times(20), {{tokens, 500}}, 1).total, std::log(4.0) + 0.05);
}

}  // namespace
}  // namespace difflm::test
