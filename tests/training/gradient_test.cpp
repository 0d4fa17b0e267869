// Gradients through embedding, noise, network, parametrisation and loss, against finite differences, for every parametrisation.
//
// The model computes in float32, so the steps are large and the tolerance is a percent; a wrong or missing term is far outside.
#include <gtest/gtest.h>

#include "difflm/nn/position.h"
#include "difflm/training/diffusion_objective.h"
#include "model/small_model.h"
#include "nn/finite_differences.h"

namespace difflm::test {
namespace {

// Of the parameters whose names begin with `part`.
void expect_model_gradients(const std::string& toml, const std::string& part = "") {
  const auto small =
      small_model(toml + "[loss]\nterms = [\"denoise\", \"cross-entropy\", \"rounding\", \"anchor\", \"prior\"]\n", 12, 8);
  randomise_parameters(*small.model, 0.5);
  DiffusionObjective objective(small.shared_diffusion(), small.config, torch::ones({12}));
  torch::manual_seed(6);
  const Tensor tokens = torch::randint(12, {5, 6}, torch::kInt64);
  Tensor scored = torch::ones({5, 6});
  scored[1][2] = 0;
  // Levels away from 0, where the epsilon parametrisation and the skip are tame enough for large steps.
  const std::vector<double> u = {0.15, 0.3, 0.45, 0.6, 0.75};
  const auto loss = [&] {
    const DiffusedBatch batch = objective.diffuse_and_estimate(tokens, torch::tensor(u, torch::kFloat64), scored, 0, 3);
    Tensor sum = torch::zeros({});
    for (const auto& name : loss_terms().names()) {
      sum = sum + loss_terms().make(name, small.config)->per_sequence(batch, small.diffusion()).mean();
    }
    return sum;
  };
  auto parameters = parameters_of(*small.model);
  std::erase_if(parameters, [&](const auto& parameter) { return !parameter.first.starts_with(part); });
  ASSERT_FALSE(parameters.empty());
  expect_gradients(loss, parameters, {2e-2, 1e-2, 0.05});
}

TEST(ModelGradients, EveryParametrisation) {
  for (const auto& name : parametrisations().names()) {
    SCOPED_TRACE(name);
    expect_model_gradients("[model]\ncontext_free = false\nscale = 0.5\nparametrisation = \"" + name + "\"\n");
  }
}

// The context-free estimate is taken without gradient, so the table's and the rounding's are not those of the loss; the network's
// are.
TEST(ModelGradients, NetworkThatSeesTheContextFreeEstimate) {
  expect_model_gradients("[model]\ncontext_free = true\nscale = 0.5\n", "denoiser.");
}

TEST(ModelGradients, ReferenceNetworkWithEveryPosition) {
  std::string names;
  for (const auto& name : positions().names()) names += (names.empty() ? "\"" : ", \"") + name + "\"";
  expect_model_gradients("[model]\nparametrisation = \"x0\"\ndenoiser = \"bert\"\nnorm = \"none\"\nposition = [" + names +
                         "]\n[noise]\nsteps = 20\nstart_noise = true\n");
}

TEST(ModelGradients, EveryRoundingAndNorm) {
  for (const auto& name : roundings().names()) {
    SCOPED_TRACE(name);
    expect_model_gradients("[model]\nparametrisation = \"x0\"\nrounding = \"" + name + "\"\n");
  }
  for (const auto& name : NormRule::names()) {
    SCOPED_TRACE(name);
    expect_model_gradients("[model]\nparametrisation = \"x0\"\nnorm = \"" + name + "\"\n");
  }
}

}  // namespace
}  // namespace difflm::test
