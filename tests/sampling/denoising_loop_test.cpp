// The sampling loop: what the denoiser is given, observers that stop; noise drawn per row.
#include "difflm/sampling/denoising_loop.h"
#include "difflm/diffusion/noise_process/gaussian.h"

#include <gtest/gtest.h>

#include "difflm/sampling/row_noise.h"

namespace difflm::test {
namespace {

const NoiseSource kNoNoise = []() -> Tensor { throw std::logic_error("a deterministic sampler draws no noise"); };

GaussianNoise continuous() { return GaussianNoise(NoiseOptions(), Config()); }

// Goes straight to the estimate and remembers how long the steps were.
class LengthsOfSteps : public Sampler {
 public:
  Transition transition(const Tensor&, const Tensor& x0, const SamplerStep& step) override {
    lengths.push_back(step.length);
    return {x0, {}};
  }
  std::vector<double> lengths;
};

TEST(DenoisingLoop, StepsKnowTheirShareOfTheSchedule) {
  const auto denoiser = [](const Tensor& x, double, const Tensor&) { return x; };
  LengthsOfSteps sampler;
  denoise(denoiser, sampler, continuous(), {1.0, 0.7, 0.2}, torch::zeros({1, 1, 2}), kNoNoise);
  ASSERT_EQ(sampler.lengths.size(), 2);
  EXPECT_DOUBLE_EQ(sampler.lengths[0], 0.3);
  EXPECT_DOUBLE_EQ(sampler.lengths[1], 0.5);
}

TEST(DenoisingLoop, TheDenoiserGetsItsOwnLastEstimate) {
  std::vector<double> levels;
  int calls = 0;
  const auto denoiser = [&](const Tensor& x, double u, const Tensor& previous) {
    levels.push_back(u);
    EXPECT_EQ(previous.defined(), calls > 0);
    if (previous.defined()) {
      EXPECT_TRUE((previous == calls).all().item<bool>());
    }
    return torch::full_like(x, ++calls);
  };
  const std::vector<double> times = continuous().sampling_times(4);
  const Tensor end =
      denoise(denoiser, *samplers().make("ddim", Config()), continuous(), times, torch::zeros({1, 2, 3}), kNoNoise).x0;
  EXPECT_EQ(levels, times);
  EXPECT_TRUE((end == 4).all().item<bool>());
}

TEST(DenoisingLoop, AnObserverThatSaysFalseStops) {
  int calls = 0;
  const auto denoiser = [&](const Tensor& x, double, const Tensor&) { return torch::full_like(x, ++calls); };
  const auto observer = [](const StepView& view) { return view.index < 2; };
  const Tensor end = denoise(denoiser, *samplers().make("ddim", Config()), continuous(), continuous().sampling_times(10),
                             torch::zeros({1, 2, 3}), kNoNoise, observer)
                         .x0;
  EXPECT_EQ(calls, 3);
  EXPECT_TRUE((end == 3).all().item<bool>());
}

TEST(RowNoise, ARowDependsOnItsSeedAlone) {
  RowNoise together({5, 6, 7}, 4, 3, torch::kCPU);
  RowNoise other({9, 7, 5, 8, 8}, 4, 3, torch::kCPU);
  for (int call = 0; call < 3; ++call) {
    const Tensor a = together();
    const Tensor b = other();
    ASSERT_EQ(a.sizes(), (std::vector<int64_t>{3, 4, 3}));
    EXPECT_TRUE(torch::equal(a[0], b[2]));
    EXPECT_TRUE(torch::equal(a[2], b[1]));
    EXPECT_TRUE(torch::equal(b[3], b[4]));
    EXPECT_FALSE(torch::equal(a[0], a[1]));
  }
  RowNoise wide({1}, 100, 100, torch::kCPU);
  const Tensor first = wide();
  const Tensor second = wide();
  EXPECT_NEAR(first.mean().item<double>(), 0, 0.05);
  EXPECT_NEAR(first.std().item<double>(), 1, 0.05);
  EXPECT_NEAR((first * second).mean().item<double>(), 0, 0.05);
}

}  // namespace
}  // namespace difflm::test
