// Where drafts stand, which words they are, and what the network then sees.
#include "difflm/training/drafts.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/small_model.h"

namespace difflm::test {
namespace {

TEST(Drafts, AreWordsOfTheModelInPlacesThatAreNotGiven) {
  const auto small = small_model("");
  DiffusionModel& model = small.diffusion();
  randomise_parameters(*small.model, 0.1);
  const Tensor table = model.table();
  {
    const torch::NoGradGuard no_grad;
    Tensor bias = parameter_of(*small.model, "rounding.bias").fill_(-40);
    bias[7] = std::log(0.7F);
    bias[9] = std::log(0.3F);
  }
  constexpr int64_t kRows = 300;
  DenoiseInput input;
  input.x_t = torch::zeros({kRows, 10, table.size(1)});
  input.given = torch::zeros({kRows, 10});
  input.given.narrow(1, 0, 2).fill_(kGiven);
  const Tensor point = torch::zeros({kRows - 100, 10, table.size(1)});
  place_drafts(model, input, point, table, 3);
  const Tensor drafts = input.given == kDraft;
  EXPECT_FALSE(drafts.narrow(1, 0, 2).any().item<bool>()) << "given places stay";
  EXPECT_FALSE(drafts.narrow(0, kRows - 100, 100).any().item<bool>()) << "sequences without an estimate stay";
  EXPECT_TRUE(torch::equal(input.x_t.abs().sum(-1) > 0, drafts));
  const Tensor shares = drafts.narrow(0, 0, kRows - 100).narrow(1, 2, 8).to(torch::kFloat32).mean(1);
  EXPECT_NEAR(shares.mean().item<double>(), 0.5, 0.06);
  EXPECT_GT(shares.std().item<double>(), 0.25) << "few or many";
  const Tensor of_seven = (input.x_t == table[7]).all(-1).logical_and(drafts);
  const Tensor of_nine = (input.x_t == table[9]).all(-1).logical_and(drafts);
  EXPECT_TRUE(torch::equal(of_seven.logical_or(of_nine), drafts));
  EXPECT_NEAR(of_seven.sum().item<double>() / drafts.sum().item<double>(), 0.7, 0.05);
}

// A draft says nothing by itself: without a network, the logits at its place are those of pure noise.
TEST(Drafts, AreNoEvidence) {
  for (const std::string toml : {"", "[noise]\nprocess = \"uniform\"\nschedule = \"log-linear\"\n"}) {
    const auto small = small_model(toml);
    DenoiseInput input;
    input.x_t = torch::ones({1, 2, small.diffusion().dimension()});
    input.u = torch::full({1}, 0.2, torch::kFloat64);
    input.given = torch::tensor({{kDraft, 0.0F}});
    const NoisyState state = small.diffusion().noisy_state(input);
    EXPECT_EQ((state.skip_weight * state.x_t)[0][0].abs().sum().item<double>(), 0);
    EXPECT_GT((state.skip_weight * state.x_t)[0][1].abs().sum().item<double>(), 0);
  }
}

TEST(Drafts, ChangeTheLossOfTheirSequences) {
  const auto small = small_model("");
  randomise_parameters(*small.model);
  const Tensor table = small.diffusion().table();
  DenoiseInput input;
  input.x_t = torch::randn({2, 6, table.size(1)});
  input.u = torch::full({2}, 0.8, torch::kFloat64);
  input.given = torch::zeros({2, 6});
  const Tensor before = small.diffusion().estimate(input, table).point;
  uint64_t seed = 0;
  while (!(input.given == kDraft).any().item<bool>()) place_drafts(small.diffusion(), input, before.narrow(0, 0, 1), table, ++seed);
  const Tensor after = small.diffusion().estimate(input, table).point;
  EXPECT_FALSE(torch::allclose(after[0], before[0]));
  EXPECT_TRUE(torch::allclose(after[1], before[1]));
}

}  // namespace
}  // namespace difflm::test
