// What an experiment file says, the runs that follow from it, and what is refused.
#include "difflm/comparison/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "difflm/core/error.h"

namespace difflm {
namespace {

using testing::HasSubstr;

constexpr const char* kText = R"(
question = "does it matter?"
base = ["small", "train.steps=10"]
seeds = [1, 2, 3]
samples = 20
[axis.rounding]
softmax = []
nearest = ["model.rounding=nearest"]
[axis.width]
narrow = ["model.transformer.width=32"]
wide = ["model.transformer.width=64"]
[sampling]
few = ["sampling.steps=5"]
[contrast.main]
first = "rounding=softmax"
second = "rounding=nearest"
metric = "ngram_perplexity"
)";

Experiment read(const std::string& text) {
  Config config;
  config.read_toml(text, "experiment.toml");
  return read_experiment(config);
}

// Overrides of a small configuration with all defaults.
Config read_overrides(const std::vector<std::string>& overrides) {
  Config config;
  config.read_toml(
      "data.corpus = \"builtin\"\ntrain.steps = 1\ntrain.minutes = 0.0\ntrain.batch = 8\nmodel.rounding = \"softmax\"\n",
      "default");
  for (const auto& word : overrides) {
    if (word.find('=') != std::string::npos) config.read_override(word);
  }
  return config;
}

std::vector<PlannedRun> plan(const std::string& text, uint64_t corpus = 7, const std::string& version = "1") {
  return plan_runs(
      read(text), read_overrides, [&](const Config&) { return corpus; }, version);
}

void expect_refused(const std::string& text, const std::string& why) {
  try {
    plan(text);
    FAIL() << "expected an error that says " << why;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::usage);
    EXPECT_THAT(error.what(), HasSubstr(why));
  }
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = kText;
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Experiment, IsReadAsWritten) {
  const auto experiment = read(kText);
  EXPECT_EQ(experiment.question, "does it matter?");
  EXPECT_THAT(experiment.seeds, testing::ElementsAre(1, 2, 3));
  ASSERT_EQ(experiment.axes.size(), 2U);
  EXPECT_EQ(experiment.axes[0].name, "rounding");
  ASSERT_EQ(experiment.axes[0].variants.size(), 2U);
  EXPECT_EQ(experiment.axes[0].variants[0].name, "nearest");
  EXPECT_THAT(experiment.axes[0].variants[0].overrides, testing::ElementsAre("model.rounding=nearest"));
  EXPECT_TRUE(experiment.axes[0].variants[1].overrides.empty());
  ASSERT_EQ(experiment.contrasts.size(), 1U);
  EXPECT_EQ(text_of(experiment.contrasts[0].second), "rounding=nearest");
  EXPECT_EQ(experiment.samplings.front().name, "few");
}

TEST(Plan, HasEveryCombinationOnce) {
  const auto runs = plan(kText);
  ASSERT_EQ(runs.size(), 12U);
  std::set<std::string> addresses;
  for (const auto& run : runs) {
    EXPECT_EQ(run.address.size(), 16U);
    addresses.insert(run.address);
    EXPECT_EQ(std::get<int64_t>(run.config.find("train.seed")->data), run.seed);
  }
  EXPECT_EQ(addresses.size(), 12U);
}

TEST(Plan, AnAddressIsWhatTheRunIs) {
  const auto addresses = [](const std::vector<PlannedRun>& runs) {
    std::vector<std::string> result;
    for (const auto& run : runs) result.push_back(run.address);
    return result;
  };
  const auto expected = addresses(plan(kText));
  EXPECT_EQ(addresses(plan(kText)), expected);
  EXPECT_EQ(addresses(plan(with("train.steps=10\"", "train.steps=10\", \"runtime.threads=1\""))), expected);
  EXPECT_EQ(addresses(plan(with("does it matter?", "anything else?"))), expected);
  for (const auto& other : {plan(with("train.steps=10", "train.steps=11")), plan(kText, 8), plan(kText, 7, "2")}) {
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_NE(other[i].address, expected[i]);
  }
}

TEST(Plan, UnequalTermsAreRefusedUnlessExplained) {
  const std::string longer = with("width=64\"", "width=64\", \"train.steps=20\"");
  expect_refused(longer, "differ in train.steps");
  EXPECT_EQ(plan("allow_unequal = \"the question is about steps\"\n" + longer).size(), 12U);
  expect_refused(with("width=64\"", "width=64\", \"data.split_seed=4\""), "differ in data.split_seed");
  // A budget of time may be spent as each run likes.
  std::string timed = with("width=64\"", "width=64\", \"train.batch=4\"");
  timed.replace(timed.find("train.steps=10"), 14, "train.steps=0\", \"train.minutes=2.0");
  EXPECT_EQ(plan(timed).size(), 12U);
}

TEST(Experiment, MistakesAreClearErrors) {
  expect_refused(with("question", "qestion"), "is no key of an experiment");
  expect_refused(with("seeds = [1, 2, 3]", ""), "seeds: are missing");
  expect_refused(with("[1, 2, 3]", "[1, 1]"), "a seed twice");
  expect_refused(with("[1, 2, 3]", "[1.5]"), "whole numbers");
  expect_refused(with("[1, 2, 3]", "[4]"), "a single one");
  expect_refused(with("first = \"rounding=softmax\"", "first = \"rouding=softmax\""), "there is no axis 'rouding'");
  expect_refused(with("second = \"rounding=nearest\"", "second = \"rounding=nearst\""), "no variant 'nearst'");
  expect_refused(with("second = \"rounding=nearest\"", "second = \"width=wide\""), "different axes");
  expect_refused(with("second = \"rounding=nearest\"", "second = \"rounding=softmax\""), "with itself");
  expect_refused(with("[\"model.rounding=nearest\"]", "\"nearest\""), "expected a list");
  expect_refused(with("[\"model.rounding=nearest\"]", "[\"nearest\"]"), "expected key=value");
  expect_refused(with("[\"model.rounding=nearest\"]", "[\"model.rounding=softmax\"]"), "the same run");
  expect_refused(with("metric = \"ngram_perplexity\"", "metrik = \"x\""), "no key of a contrast");
  expect_refused(with("metric = \"ngram_perplexity\"", ""), "contrast.main.metric: is missing");
}

}  // namespace
}  // namespace difflm
