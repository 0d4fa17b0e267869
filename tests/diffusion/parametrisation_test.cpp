// Every listed parametrisation: a network that is right gives the right x_0.
#include "difflm/diffusion/parametrisation.h"

#include <gtest/gtest.h>

#include "difflm/diffusion/noise_process.h"
#include "difflm/diffusion/noise_process/gaussian.h"

namespace difflm::test {
namespace {

struct Scene {
  Tensor x0 = torch::randn({4, 5, 3});
  Tensor noise = torch::randn({4, 5, 3});
  Tensor alpha_bar = torch::tensor({0.98F, 0.6F, 0.2F, 0.01F});
  NoisyState state = {diffuse(x0, noise, alpha_bar), broadcast_to_latents(alpha_bar),
                      broadcast_to_latents(alpha_bar.sqrt() / (1 - alpha_bar))};
};

const Expectation kNone = [](const Tensor&) -> Tensor { throw std::logic_error("this parametrisation knows no words"); };

TEST(ParametrisationContract, TheTargetReadBackIsX0) {
  torch::manual_seed(1);
  const Scene scene;
  for (const auto& name : parametrisations().names()) {
    SCOPED_TRACE(name);
    const auto parametrisation = parametrisations().make(name, Config());
    const Tensor target = parametrisation->target(scene.x0, scene.noise, scene.state.alpha_bar);
    ASSERT_EQ(target.sizes(), scene.x0.sizes());
    // With logits the network predicts tokens: x_0 is the expectation of one that is certain of the right ones.
    const Expectation expectation = parametrisation->has_logits() ? Expectation([&](const Tensor&) { return scene.x0; }) : kNone;
    const Estimate estimate = parametrisation->read(target, scene.state, expectation);
    EXPECT_TRUE(torch::allclose(estimate.x0, scene.x0, 1e-4, 1e-4));
    EXPECT_TRUE(torch::allclose(parametrisation->regressed(estimate), target, 1e-4, 1e-4));
    EXPECT_EQ(estimate.point.sizes(), scene.x0.sizes());
    if (!parametrisation->has_logits()) {
      EXPECT_TRUE(torch::equal(estimate.point, estimate.x0));
    }
  }
}

TEST(Parametrisation, TargetsAreWhatTheyAreCalled) {
  const Scene scene;
  const auto target = [&](const std::string& name) {
    return parametrisations().make(name, Config())->target(scene.x0, scene.noise, scene.state.alpha_bar);
  };
  EXPECT_TRUE(torch::equal(target("x0"), scene.x0));
  EXPECT_TRUE(torch::equal(target("epsilon"), scene.noise));
  EXPECT_TRUE(torch::equal(target("logits"), scene.x0));
  // v = d x_t / d angle, with sqrt(alpha_bar) = cos(angle).
  const Tensor angle = scene.state.alpha_bar.sqrt().acos();
  EXPECT_TRUE(torch::allclose(target("v"), angle.cos() * scene.noise - angle.sin() * scene.x0, 1e-4, 1e-5));
}

// logits: x_0 = softmax(output . E + sqrt(abar) / (1 - abar) x_t . E) . E, written out here with explicit sums.
TEST(Parametrisation, LogitsAreAMeanOfEmbeddings) {
  torch::manual_seed(2);
  const Scene scene;
  const Tensor table = torch::randn({7, 3});
  const Tensor output = torch::randn({4, 5, 3});
  const Expectation expectation = [&](const Tensor& point) {
    return torch::matmul(torch::softmax(torch::matmul(point, table.t()), -1), table);
  };
  for (const bool skip : {true, false}) {
    Config config;
    config.read_override(std::string("model.logits.skip=") + (skip ? "true" : "false"));
    const Estimate estimate = parametrisations().make("logits", config)->read(output, scene.state, expectation);
    for (int64_t b = 0; b < 4; ++b) {
      const double signal = scene.alpha_bar[b].item<double>();
      const double weight = skip ? std::min(100.0, std::sqrt(signal) / (1 - signal)) : 0;
      double total = 0;
      std::vector<double> mean(3, 0);
      for (int64_t w = 0; w < 7; ++w) {
        double score = 0;
        for (int64_t d = 0; d < 3; ++d) {
          score += (output[b][0][d].item<double>() + weight * scene.state.x_t[b][0][d].item<double>()) * table[w][d].item<double>();
        }
        total += std::exp(score);
        for (int64_t d = 0; d < 3; ++d) mean[static_cast<size_t>(d)] += std::exp(score) * table[w][d].item<double>();
      }
      for (int64_t d = 0; d < 3; ++d) {
        EXPECT_NEAR(estimate.x0[b][0][d].item<double>(), mean[static_cast<size_t>(d)] / total, 2e-4) << skip << " " << b;
      }
    }
  }
}

TEST(Parametrisation, SkipIsLimited) {
  Config config;
  config.read_override("model.logits.skip_limit=3.0");
  const NoisyState state = {torch::ones({1, 1, 2}), torch::full({1, 1, 1}, 0.999), torch::full({1, 1, 1}, 1000)};
  const Estimate estimate =
      parametrisations().make("logits", config)->read(torch::zeros({1, 1, 2}), state, [](const Tensor& p) { return p; });
  EXPECT_TRUE(torch::allclose(estimate.point, torch::full({1, 1, 2}, 3.0)));
}

}  // namespace
}  // namespace difflm::test
