// The forward process against numbers of the reference implementation (T = 2000 and 200) and of an independent computation.
#include "difflm/diffusion/noise_process.h"

#include "difflm/diffusion/noise_process/gaussian.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"

namespace difflm::test {
namespace {

GaussianNoise discrete(const std::string& schedule, int64_t steps, bool start_noise = false) {
  NoiseOptions options;
  options.schedule = schedule;
  options.steps = steps;
  options.start_noise = start_noise;
  return GaussianNoise(options, Config());
}

// alpha_bar of step index i.
double alpha_bar_of(const NoiseProcess& process, int64_t index) {
  return process.alpha_bar(static_cast<double>(index + 1) / static_cast<double>(process.steps()));
}

struct Golden {
  int64_t index;
  double value;
};

void expect_betas(const NoiseProcess& process, const std::vector<Golden>& values) {
  for (const auto& [index, value] : values) EXPECT_NEAR(process.betas()[static_cast<size_t>(index)], value, 1e-8) << index;
}

void expect_alpha_bars(const NoiseProcess& process, const std::vector<Golden>& values) {
  for (const auto& [index, value] : values) EXPECT_NEAR(alpha_bar_of(process, index) / value, 1, 1e-6) << index;
}

TEST(NoiseProcess, SqrtOf2000StepsIsThatOfDiffusionLm) {
  const auto process = discrete("sqrt", 2000, true);
  expect_betas(process, {{0, 0.0146413105},
                         {1, 0.0088890878},
                         {2, 0.0070681770},
                         {499, 0.00099950034},
                         {1996, 0.2632501084},
                         {1997, 0.3572232786},
                         {1998, 0.5556111347},
                         {1999, 0.999}});
  expect_alpha_bars(process, {{0, 0.9853586895},
                              {1, 0.9765997496},
                              {10, 0.9345119720},
                              {100, 0.7828844065},
                              {999, 0.2957803148},
                              {1998, 2.0204040808e-4},
                              {1999, 2.0204040808e-7}});
  for (const auto& [index, stddev] : std::vector<Golden>{{1, 0.1530}, {10, 0.2559}, {100, 0.4660}, {999, 0.8392}, {1998, 0.9999}}) {
    EXPECT_NEAR(std::sqrt(1 - alpha_bar_of(process, index)), stddev, 5e-5) << index;
  }
  EXPECT_NEAR(process.start_stddev(), 0.1210012832, 1e-8);
  EXPECT_EQ(discrete("sqrt", 2000).start_stddev(), 0);
}

TEST(NoiseProcess, SqrtOf200StepsIsThatOfDiffusionLm) {
  const auto process = discrete("sqrt", 200, true);
  expect_betas(process, {{0, 0.0620346306}, {1, 0.0313212571}, {198, 0.5056722569}, {199, 0.999}});
  expect_alpha_bars(process, {{0, 0.9379653694}, {100, 0.2922183066}, {198, 2.4777864906e-3}, {199, 2.4777864906e-6}});
  EXPECT_NEAR(process.start_stddev(), 0.2490675222, 1e-8);
}

TEST(NoiseProcess, CosineAndLinear) {
  const auto cosine = discrete("cosine", 1000);
  expect_betas(cosine, {{0, 4.1284225e-5}, {499, 0.0031458862}, {998, 0.7499993929}, {999, 0.999}});
  expect_alpha_bars(cosine, {{0, 0.9999587158}, {499, 0.4938435904}, {998, 2.4287669070e-6}, {999, 2.4287669070e-9}});
  const auto linear = discrete("linear", 1000);
  expect_betas(linear, {{0, 1e-4}, {500, 0.01005995996}, {999, 0.02}});
  expect_alpha_bars(linear, {{0, 0.9999}, {499, 0.07858724288}, {999, 4.0358297654e-5}});
  const auto finer = discrete("linear", 2000);
  expect_betas(finer, {{0, 5e-5}, {1, 5.4977489e-5}, {1999, 0.01}});
  expect_alpha_bars(finer, {{999, 0.0788257989}, {1999, 4.1755570629e-5}});
}

// In continuous time the schedules are the formulas themselves, floored at 1e-5.
TEST(NoiseProcess, ContinuousTimeIsTheFormula) {
  const GaussianNoise sqrt_process = discrete("sqrt", 0);
  EXPECT_NEAR(sqrt_process.alpha_bar(0.0), 0.99, 1e-12);
  EXPECT_NEAR(sqrt_process.alpha_bar(0.2499), 0.5, 1e-12);
  EXPECT_EQ(sqrt_process.alpha_bar(1.0), 1e-5);
  EXPECT_NEAR(discrete("cosine", 0).alpha_bar(0.496), 0.5, 1e-12);
  EXPECT_NEAR(discrete("linear", 0).alpha_bar(1.0), std::exp(-10.05), 1e-12);
}

TEST(NoiseProcess, TensorsGetTheSameSignalAsNumbers) {
  for (const auto& process : {discrete("sqrt", 2000), discrete("cosine", 0)}) {
    std::vector<double> times;
    for (int i = 1; i <= 2000; ++i) times.push_back(i / 2000.0);
    const Tensor signal = process.alpha_bar(torch::tensor(times, torch::kFloat64));
    ASSERT_EQ(signal.scalar_type(), torch::kFloat32);
    for (size_t i = 0; i < times.size(); ++i) {
      EXPECT_EQ(signal[static_cast<int64_t>(i)].item<float>(), static_cast<float>(process.alpha_bar(times[i])));
    }
  }
}

// Every grid point, reached by any order of floating-point operations, belongs to its own step.
TEST(NoiseProcess, GridPointsAreNotLiftedToTheNextStep) {
  for (const int64_t steps : {3, 7, 200, 1999, 2000}) {
    const auto process = discrete("sqrt", steps);
    double product = 1;
    for (int64_t index = 0; index < steps; ++index) {
      product *= 1 - process.betas()[static_cast<size_t>(index)];
      EXPECT_EQ(alpha_bar_of(process, index), product) << index << " of " << steps;
    }
  }
}

TEST(NoiseProcess, SnapMovesUpToTheStepThatHoldsTheTime) {
  const auto process = discrete("sqrt", 10);
  EXPECT_DOUBLE_EQ(process.snap(0.01), 0.1);
  EXPECT_DOUBLE_EQ(process.snap(0.11), 0.2);
  EXPECT_DOUBLE_EQ(process.snap(0.999), 1);
  EXPECT_DOUBLE_EQ(process.snap(1), 1);
  EXPECT_DOUBLE_EQ(discrete("sqrt", 0).snap(0.123), 0.123);
  for (const int64_t steps : {10, 49, 200, 2000}) {
    const auto grid = discrete("sqrt", steps);
    for (int64_t i = 1; i <= steps; ++i) {
      const double u = static_cast<double>(i) / static_cast<double>(steps);
      EXPECT_EQ(grid.snap(u), u) << i << " of " << steps;
    }
  }
}

TEST(NoiseProcess, PosteriorCoefficients) {
  const auto process = discrete("sqrt", 2000);
  const auto at = [&](int64_t t) { return posterior(alpha_bar_of(process, t - 1), alpha_bar_of(process, t)); };
  const auto expect = [](const Posterior& q, double from_x0, double from_xt, double variance) {
    EXPECT_NEAR(q.from_x0, from_x0, 1e-8);
    EXPECT_NEAR(q.from_xt, from_xt, 1e-8);
    EXPECT_NEAR(q.variance, variance, 1e-8);
  };
  expect(at(1), 0.3770803182, 0.6229032200, 0.0055618163);
  expect(at(1000), 9.316546893e-4, 0.9988899489, 1.2063643695e-3);
  expect(at(1999), 0.0141998807, 0.0316163939, 0.9987983634);
  const Posterior last = posterior(1.0, alpha_bar_of(process, 0));
  EXPECT_EQ(last.from_x0, 1);
  EXPECT_EQ(last.from_xt, 0);
  EXPECT_EQ(last.variance, 0);
}

TEST(NoiseProcess, NetworkIsToldTheReferencesTime) {
  const auto process = discrete("sqrt", 2000);
  const Tensor time = process.network_time(torch::tensor({1 / 2000.0, 2 / 2000.0, 1000 / 2000.0, 1.0}, torch::kFloat64));
  const std::vector<double> expected = {0, 0.5, 499.5, 999.5};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(time[static_cast<int64_t>(i)].item<double>(), expected[i], 1e-4);
  const Tensor continuous = discrete("sqrt", 0).network_time(torch::tensor({0.0, 0.25, 1.0}, torch::kFloat64));
  EXPECT_TRUE(torch::allclose(continuous, torch::tensor({0.0F, 250.0F, 1000.0F})));
}

std::vector<int64_t> indices(const NoiseProcess& process, int64_t count) {
  std::vector<int64_t> result;
  for (const double u : process.sampling_times(count)) {
    result.push_back(std::llround(u * static_cast<double>(process.steps())) - 1);
  }
  return result;
}

TEST(NoiseProcess, RespacedTimesAreThoseOfTheReference) {
  const auto process = discrete("sqrt", 2000);
  const auto few = indices(process, 200);
  ASSERT_EQ(few.size(), 200);
  EXPECT_EQ(few[0], 1999);
  EXPECT_EQ(few[1], 1989);
  EXPECT_EQ(few[198], 10);
  EXPECT_EQ(few[199], 0);
  for (size_t k = 0; k < 200; ++k) EXPECT_EQ(few[199 - k], std::llround(static_cast<double>(k) * 1999 / 199)) << k;
  const auto all = indices(process, 2000);
  for (int64_t k = 0; k < 2000; ++k) EXPECT_EQ(all[static_cast<size_t>(k)], 1999 - k);
  EXPECT_EQ(indices(process, 1), std::vector<int64_t>{1999});
  EXPECT_EQ(indices(process, 2), (std::vector<int64_t>{1999, 0}));
}

TEST(NoiseProcess, ContinuousTimesAreEven) {
  EXPECT_EQ(discrete("sqrt", 0).sampling_times(4), (std::vector<double>{1, 0.75, 0.5, 0.25}));
}

TEST(NoiseProcess, RefusesWhatItCannotDo) {
  EXPECT_NE(usage_message([] { discrete("sqrt", 10).sampling_times(11); }).find("10 noise steps"), std::string::npos);
  usage_message([] { discrete("sqrt", 0).sampling_times(0); });
  EXPECT_NE(usage_message([] { discrete("sqrt", 0, true); }).find("noise.steps"), std::string::npos);
  usage_message([] { discrete("sqrt", 0).alpha_bar(1.5); });
  usage_message([] { discrete("sqrt", 0).alpha_bar(std::nan("")); });
}

TEST(NoiseProcess, DiffuseMixesSignalAndNoise) {
  const Tensor x0 = torch::tensor({{{2.0, -1.0}}, {{2.0, -1.0}}});
  const Tensor noise = torch::tensor({{{0.5, 1.0}}, {{0.5, 1.0}}});
  const Tensor x_t = diffuse(x0, noise, torch::tensor({0.64, 1.0}));
  EXPECT_TRUE(torch::allclose(x_t, torch::tensor({{{1.9, -0.2}}, {{2.0, -1.0}}})));
}

}  // namespace
}  // namespace difflm::test
