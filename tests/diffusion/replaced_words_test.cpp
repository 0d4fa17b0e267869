// Noise that replaces words: how many, by what, and which have the given flag.
#include "difflm/diffusion/noise_process/replaced_words.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/expect_error.h"
#include "difflm/diffusion/noise_process/mask.h"

namespace difflm::test {
namespace {

std::unique_ptr<NoiseProcess> process_of(const std::string& name, int64_t steps = 0) {
  Config config;
  config.read_override("noise.process=" + name);
  config.read_override("noise.schedule=log-linear");
  config.read_override("noise.steps=" + std::to_string(steps));
  return make_noise_process(config);
}

TEST(ReplacedWords, MasksKeepTheShareThatTheScheduleSaysButHideAtLeastOneWord) {
  constexpr int64_t kRows = 4000;
  const auto process = process_of("mask");
  for (const double level : {0.001, 0.3, 1.0}) {
    RandomStream random(7);
    const Tensor kept = process->draw_kept(std::vector<double>(kRows, level), 10, random);
    EXPECT_LE(kept.sum(1).max().item<float>(), 9);
    EXPECT_NEAR(1 - kept.mean().item<double>(), std::max(level, 0.1 * std::pow(1 - level, 10) + level), 0.01) << level;
  }
}

// The shares of words that stay, are hidden, and are others, at the level 0.4.
TEST(ReplacedWords, AreHiddenOrOthersInTheirShares) {
  const Tensor table = torch::eye(8) + 1;
  const Tensor tokens = torch::full({400, 50}, 3, torch::kInt64);
  const Tensor clean = torch::embedding(table, tokens);
  for (const auto& [name, random] : std::vector<std::pair<std::string, double>>{{"uniform", 1}, {"mixed", 0.1}}) {
    SCOPED_TRACE(name);
    const auto process = process_of(name);
    RandomStream stream(1);
    EXPECT_FALSE(process->draw_kept({0.4}, 50, stream).defined());
    const Tensor noise = process->noise(table, clean.sizes(), 5);
    const Tensor x_t = process->mix(clean, noise, torch::full({400}, 0.6), 6);
    const auto share = [](const Tensor& places) { return places.to(torch::kFloat64).mean().item<double>(); };
    const Tensor hidden = x_t.abs().sum(-1) == 0;
    const Tensor own = (x_t == clean).all(-1);
    EXPECT_NEAR(share(hidden), 0.4 * (1 - random), 0.01);
    EXPECT_NEAR(share(own), 0.6 + 0.4 * random / 8, 0.01);
    const Tensor words = torch::matmul(x_t, table.t()).argmax(-1);
    for (int64_t word = 0; word < 8; ++word) {
      if (word == 3) continue;
      EXPECT_NEAR(share((words == word).logical_and(hidden.logical_not())), 0.4 * random / 8, 0.01) << word;
    }
    EXPECT_TRUE(torch::equal(noise, process->noise(table, clean.sizes(), 5)));
  }
}

TEST(ReplacedWords, TheLevelOfASignalIsTheInverseOfTheSchedule) {
  for (const std::string name : {"mask", "uniform"}) {
    for (const double u : {0.05, 0.5, 0.97}) EXPECT_NEAR(process_of(name)->level(process_of(name)->alpha_bar(u)), u, 1e-6);
  }
}

TEST(ReplacedWords, HaveNoDiscreteForm) {
  EXPECT_NE(usage_message([] { process_of("uniform", 10); }).find("noise.steps"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
