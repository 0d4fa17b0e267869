// Clamping: every estimate of a denoiser becomes the nearest embeddings, and tokens are decoded from those.
#include "difflm/sampling/clamping.h"

#include <gtest/gtest.h>

#include "model/small_model.h"

namespace difflm::test {
namespace {

TEST(Clamping, ReplacesEachEstimateByTheNearestRows) {
  const torch::NoGradGuard no_grad;
  const auto small = small_model("");
  randomise_parameters(*small.model);
  const Tensor table = small.diffusion().table();
  torch::manual_seed(5);
  const Tensor x = torch::randn({2, 3, table.size(1)});
  const Tensor before = torch::randn({2, 3, table.size(1)});
  const Tensor estimate = torch::randn({2, 3, table.size(1)});
  const Tensor scores = torch::randn({2, 3, table.size(0)});
  const auto inner = [&](const Tensor& x_t, double u, const Tensor& previous_x0) -> Denoised {
    EXPECT_TRUE(torch::equal(x_t, x));
    EXPECT_EQ(u, 0.3);
    EXPECT_TRUE(torch::equal(previous_x0, before));
    return {estimate, torch::zeros_like(estimate), scores};
  };
  const Denoised denoised = clamped(inner, small.diffusion(), table)(x, 0.3, before);
  const Tensor nearest = torch::cdist(estimate.flatten(0, 1), table).argmin(1).view({2, 3});
  EXPECT_TRUE(torch::equal(denoised.x0, torch::embedding(table, nearest)));
  EXPECT_TRUE(torch::equal(denoised.point, denoised.x0));
  EXPECT_FALSE(denoised.logits.defined());
}

// The clamped estimate is what the sampler steps with, the observer sees and the loop returns.
TEST(Clamping, TheLoopGoesOnFromTheClampedEstimate) {
  const torch::NoGradGuard no_grad;
  const auto small = small_model("");
  const Tensor table = small.diffusion().table();
  const Tensor estimate = table[7].view({1, 1, -1}) * 0.9;
  const DenoiseFunction constant = [&](const Tensor&, double, const Tensor&) -> Denoised { return estimate; };
  const NoiseSource no_noise = []() -> Tensor { throw std::logic_error("a deterministic sampler draws no noise"); };
  const auto run = [&](const DenoiseFunction& denoiser, const Tensor& expected) {
    std::vector<Tensor> states;
    const auto observer = [&](const StepView& view) {
      states.push_back(view.x_t.clone());
      EXPECT_TRUE(torch::equal(view.denoised.x0, expected));
      return true;
    };
    const Denoised end = denoise(denoiser, *samplers().make("ddim", Config()), small.diffusion().process(), {1.0, 0.6, 0.3},
                                 torch::zeros_like(estimate), no_noise, observer);
    EXPECT_TRUE(torch::equal(end.x0, expected));
    return states;
  };
  const auto always = run(clamped(constant, small.diffusion(), table), table[7].view({1, 1, -1}));
  const auto off = run(constant, estimate);
  ASSERT_EQ(always.size(), 3);
  EXPECT_FALSE(torch::allclose(always[1], off[1]));
}

}  // namespace
}  // namespace difflm::test
