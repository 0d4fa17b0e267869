// Every listed sampler is exact with a perfect denoiser; moments and orders of convergence of each.
#include "difflm/sampling/sampler.h"
#include "difflm/diffusion/noise_process/gaussian.h"

#include <gtest/gtest.h>

#include <cmath>

#include "difflm/nn/random_tensor.h"
#include "difflm/sampling/denoising_loop.h"
#include "sampling/gaussian_toy.h"

namespace difflm::test {
namespace {

GaussianNoise process_of(const std::string& schedule, int64_t steps) {
  NoiseOptions options;
  options.schedule = schedule;
  options.steps = steps;
  return GaussianNoise(options, Config());
}

// Fresh noise of a shape, the same in every test run.
NoiseSource noise_of(std::vector<int64_t> shape, uint64_t seed = 1, torch::Dtype dtype = torch::kFloat32) {
  return [generator = make_generator(seed), shape = std::move(shape), dtype]() mutable {
    return torch::randn(shape, generator, dtype);
  };
}

std::unique_ptr<Sampler> sampler_of(const std::string& name, const std::string& override_word = "") {
  Config config;
  if (!override_word.empty()) config.read_override(override_word);
  return samplers().make(name, config);
}

// All samplers with their defaults, and the settings that change the path of the code.
std::vector<std::pair<std::string, std::string>> samplers_and_settings() {
  std::vector<std::pair<std::string, std::string>> all = {{"ddpm", "sampling.ddpm.overshoot=0.1"}};
  for (const auto& name : samplers().names()) all.emplace_back(name, "");
  return all;
}

// With the truth as its estimate, every intermediate state is sqrt(abar) x_0 plus noise of variance 1 - abar, and the end is x_0.
TEST(SamplerContract, AnOracleLeadsToX0) {
  const std::vector<int64_t> shape = {50, 10, 20};
  const Tensor x0 = torch::randn(shape, make_generator(5));
  for (const auto& [name, setting] : samplers_and_settings()) {
    for (const auto& process :
         {process_of("sqrt", 0), process_of("cosine", 0), process_of("sqrt", 200), process_of("linear", 1000)}) {
      for (const int64_t steps : {1, 2, 7, 50, 200}) {
        SCOPED_TRACE(name + setting + ", " + std::to_string(steps) + " of " + std::to_string(process.steps()));
        const auto sampler = sampler_of(name, setting);
        const auto noise = noise_of(shape);
        int64_t seen = 0;
        const auto observer = [&](const StepView& view) {
          EXPECT_EQ(view.index, static_cast<size_t>(seen++));
          EXPECT_EQ(view.count, static_cast<size_t>(steps));
          const double signal = process.alpha_bar(view.u);
          const Tensor rest = (view.x_t - std::sqrt(signal) * x0) / std::sqrt(1 - signal);
          // At u = 1 the start is pure noise, which misses sqrt(abar) x_0: 1e-5 of the variance.
          EXPECT_NEAR(rest.mean().item<double>(), 0, 0.05);
          EXPECT_NEAR(rest.var().item<double>(), 1, 0.06);
          return true;
        };
        const Tensor start = noise();
        const auto oracle = [&](const Tensor&, double, const Tensor&) { return x0; };
        const Tensor end = denoise(oracle, *sampler, process, process.sampling_times(steps), start, noise, observer).x0;
        EXPECT_TRUE(torch::equal(end, x0));
        EXPECT_EQ(seen, steps);
      }
    }
  }
}

TEST(SamplerContract, TheLastStepGivesX0) {
  for (const auto& [name, setting] : samplers_and_settings()) {
    const Tensor x_t = torch::randn({2, 3, 4});
    const Tensor x0 = torch::randn({2, 3, 4});
    const Tensor end = sampler_of(name, setting)->step(x_t, x0, {0.3, 1.0}, noise_of({2, 3, 4}));
    EXPECT_TRUE(torch::allclose(end, x0, 1e-5, 1e-6)) << name << setting;
  }
}

// Near u = 1 neighbouring times of a fine sampling share the least signal there is.
TEST(SamplerContract, StepsOfNoLengthChangeNothing) {
  for (const auto& [name, setting] : samplers_and_settings()) {
    for (const auto& schedule : schedules().names()) {
      SCOPED_TRACE(name + setting + ", " + schedule);
      const GaussianNoise process = process_of(schedule, 0);
      const Tensor x0 = torch::ones({1, 1, 4});
      const auto noise = noise_of({1, 1, 4});
      const auto oracle = [&](const Tensor& x_t, double, const Tensor&) {
        EXPECT_TRUE(torch::isfinite(x_t).all().item<bool>());
        return x0;
      };
      const Tensor start = noise();
      denoise(oracle, *sampler_of(name, setting), process, process.sampling_times(1000), start, noise);
    }
    const Tensor x_t = torch::randn({1, 1, 4});
    EXPECT_TRUE(
        torch::allclose(sampler_of(name, setting)->step(x_t, torch::zeros({1, 1, 4}), {0.1, 0.1}, noise_of({1, 1, 4})), x_t))
        << name << setting;
  }
}

struct Moments {
  double mean;
  double variance;
};

// Of one step from x_t = 1.3 with x_0 = -0.4, over 400,000 draws.
Moments one_step(Sampler& sampler, const SamplerStep& step) {
  const std::vector<int64_t> shape = {1, 1, 400000};
  const Tensor x_s = sampler.step(torch::full(shape, 1.3), torch::full(shape, -0.4), step, noise_of(shape));
  return {x_s.to(torch::kFloat64).mean().item<double>(), x_s.to(torch::kFloat64).var().item<double>()};
}

TEST(Ddpm, OneStepHasThePosteriorsMoments) {
  // q(x_s | x_t, x_0) by Bayes' rule on x_s ~ N(sqrt(s) x0, 1-s), x_t | x_s ~ N(sqrt(t/s) x_s, 1 - t/s).
  for (const SamplerStep& step : {SamplerStep{0.2, 0.35}, SamplerStep{0.8, 0.95}, SamplerStep{1e-4, 0.05}}) {
    const double t = step.alpha_bar_t;
    const double s = step.alpha_bar_s;
    const double precision = 1 / (1 - s) + (t / s) / (1 - t / s);
    const double mean = (std::sqrt(s) * -0.4 / (1 - s) + std::sqrt(t / s) * 1.3 / (1 - t / s)) / precision;
    const Moments moments = one_step(*sampler_of("ddpm"), step);
    EXPECT_NEAR(moments.mean, mean, 5 * std::sqrt(1 / precision / 400000));
    EXPECT_NEAR(moments.variance * precision, 1, 0.012);
  }
}

// On to the level r whose log(signal/noise) is twice the step further, by Bayes' rule, and back to s by the forward process.
TEST(Ddpm, OvershootGoesFurtherAndComesBack) {
  for (const SamplerStep& step : {SamplerStep{0.2, 0.35, 0.02}, SamplerStep{0.8, 0.95, 0.02}, SamplerStep{1e-4, 0.05, 0.02}}) {
    const double t = step.alpha_bar_t;
    const double s = step.alpha_bar_s;
    const double odds = s / (1 - s) * std::pow(s / (1 - s) / (t / (1 - t)), 2);
    const double r = odds / (1 + odds);
    const double precision = 1 / (1 - r) + (t / r) / (1 - t / r);
    const double mean = (std::sqrt(r) * -0.4 / (1 - r) + std::sqrt(t / r) * 1.3 / (1 - t / r)) / precision;
    const double variance = s / r / precision + 1 - s / r;
    const Moments moments = one_step(*sampler_of("ddpm", "sampling.ddpm.overshoot=0.04"), step);
    EXPECT_NEAR(moments.mean, std::sqrt(s / r) * mean, 5 * std::sqrt(variance / 400000));
    EXPECT_NEAR(moments.variance / variance, 1, 0.012);
    const SamplerStep far = {t, s, 1e-3};
    // As far as it goes: x_t is forgotten, and the estimate is noised again.
    const Moments afresh = one_step(*sampler_of("ddpm", "sampling.ddpm.overshoot=1.0"), far);
    EXPECT_NEAR(afresh.mean, std::sqrt(s) * -0.4, 5 * std::sqrt((1 - s) / 400000));
    EXPECT_NEAR(afresh.variance / (1 - s), 1, 0.012);
  }
}

TEST(Ddim, EtaOneIsAsRandomAsDdpm) {
  for (const SamplerStep& step : {SamplerStep{0.2, 0.35}, SamplerStep{0.8, 0.95}}) {
    const Moments ddpm = one_step(*sampler_of("ddpm"), step);
    const Moments ddim = one_step(*sampler_of("ddim", "sampling.ddim.eta=1.0"), step);
    EXPECT_NEAR(ddim.variance / ddpm.variance, 1, 1e-3);
    EXPECT_NEAR(ddim.mean, ddpm.mean, 1e-4);
    EXPECT_NEAR(one_step(*sampler_of("ddim", "sampling.ddim.eta=0.5"), step).variance / ddpm.variance, 0.25, 1e-3);
    EXPECT_LT(one_step(*sampler_of("ddim"), step).variance, 1e-9);
  }
}

// Largest error of a deterministic sampler over times evenly spaced in the log of the signal-to-noise ratio.
double flow_error(Sampler& sampler, int steps) {
  const GaussianToy toy;
  const auto alpha_bar = [&](int k) { return 1 / (1 + std::exp(6.0 - 10.0 * k / steps)); };
  const Tensor start = torch::linspace(-2, 2, 41, torch::kFloat64).view({1, 1, 41});
  Tensor x = start;
  for (int k = 0; k < steps; ++k) {
    x = sampler.step(x, toy.estimate(x, alpha_bar(k)), {alpha_bar(k), alpha_bar(k + 1)}, noise_of({1, 1, 41}, 1, torch::kFloat64));
  }
  return (x - toy.flow(start, alpha_bar(0), alpha_bar(steps))).abs().max().item<double>();
}

TEST(DpmSolver, ConvergesWithSecondOrder) {
  for (const int steps : {32, 64, 128}) {
    const double coarse = flow_error(*sampler_of("dpm-solver++"), steps);
    const double fine = flow_error(*sampler_of("dpm-solver++"), 2 * steps);
    EXPECT_NEAR(coarse / fine, 4, 0.8) << steps;
    // And it beats the first-order ddim, whose error only halves.
    const double ddim = flow_error(*sampler_of("ddim"), steps);
    EXPECT_NEAR(ddim / flow_error(*sampler_of("ddim"), 2 * steps), 2, 0.3) << steps;
    EXPECT_LT(coarse, ddim / 3) << steps;
  }
}

// The moments that ancestral sampling must have, step by step: x_s = a x_t + b + noise for the affine estimate of Gaussian data.
TEST(Ddpm, SamplesHaveTheExactMarginal) {
  const GaussianToy toy;
  for (const auto& process : {process_of("sqrt", 0), process_of("cosine", 0), process_of("sqrt", 2000)}) {
    const std::vector<double> times = process.sampling_times(60);
    Moments expected = {0, 1};
    for (size_t k = 0; k < times.size(); ++k) {
      const double t = process.alpha_bar(times[k]);
      const double s = k + 1 < times.size() ? process.alpha_bar(times[k + 1]) : 1;
      const double beta = 1 - t / s;
      const double from_x0 = beta * std::sqrt(s) / (1 - t);
      const double gain = from_x0 * toy.slope(t) + (1 - s) * std::sqrt(t / s) / (1 - t);
      const double shift = from_x0 * (toy.mean - toy.slope(t) * std::sqrt(t) * toy.mean);
      expected = {gain * expected.mean + shift, gain * gain * expected.variance + beta * (1 - s) / (1 - t)};
    }
    const std::vector<int64_t> shape = {20, 10, 300};
    const auto noise = noise_of(shape, 3);
    const Tensor start = noise();
    const auto denoiser = [&](const Tensor& x, double u, const Tensor&) { return toy.estimate(x, process.alpha_bar(u)); };
    const Tensor end = denoise(denoiser, *sampler_of("ddpm"), process, times, start, noise).x0;
    EXPECT_NEAR(end.mean().item<double>(), expected.mean, 0.01);
    EXPECT_NEAR(end.var().item<double>() / expected.variance, 1, 0.025);
    EXPECT_NEAR(expected.mean, toy.mean, 0.02);
  }
}

// With many steps those moments are the data's.
TEST(Ddpm, ManyStepsGiveTheDataBack) {
  const GaussianToy toy;
  const GaussianNoise process = process_of("cosine", 1000);
  const std::vector<int64_t> shape = {20, 10, 50};
  const auto noise = noise_of(shape, 4);
  const Tensor start = noise();
  const auto denoiser = [&](const Tensor& x, double u, const Tensor&) { return toy.estimate(x, process.alpha_bar(u)); };
  const Tensor end = denoise(denoiser, *sampler_of("ddpm"), process, process.sampling_times(1000), start, noise).x0;
  EXPECT_NEAR(end.mean().item<double>(), toy.mean, 0.02);
  EXPECT_NEAR(end.std().item<double>(), toy.stddev, 0.02);
}

}  // namespace
}  // namespace difflm::test
