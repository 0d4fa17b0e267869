#include "difflm/comparison/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "difflm/core/error.h"
#include "difflm/core/random.h"

namespace difflm {
namespace {

// What a run is made from, without what affects only where, how fast and how verbosely.
uint64_t hash_of(const Config& config, uint64_t corpus, const std::string& version) {
  Config own;
  for (const auto& [key, value] : config.values()) {
    const bool outward = key.starts_with("runtime.") || key == "train.trackers" || key == "train.log_every" ||
                         key == "train.checkpoint_every" || key == "train.sample_every";
    if (!outward) own.set(key, value);
  }
  return scatter(hash_text(own.to_toml() + version) ^ corpus);
}

std::vector<Choice> all_choices(const std::vector<Axis>& axes) {
  std::vector<Choice> choices(1);
  for (const auto& axis : axes) {
    std::vector<Choice> longer;
    for (const auto& choice : choices) {
      for (const auto& variant : axis.variants) {
        longer.push_back(choice);
        longer.back().emplace_back(axis.name, variant.name);
      }
    }
    choices = std::move(longer);
  }
  return choices;
}

std::vector<std::string> overrides_of(const Experiment& experiment, const Choice& choice, int64_t seed) {
  std::vector<std::string> overrides = experiment.base;
  for (size_t i = 0; i < choice.size(); ++i) {
    for (const auto& variant : experiment.axes[i].variants) {
      if (variant.name == choice[i].second) overrides.insert(overrides.end(), variant.overrides.begin(), variant.overrides.end());
    }
  }
  overrides.insert(overrides.end(), experiment.last_overrides.begin(), experiment.last_overrides.end());
  overrides.push_back(fmt::format("train.seed={}", seed));
  return overrides;
}

template <class Value>
Value number(const Config& config, const std::string& key, Value otherwise) {
  const auto* value = config.find(key);
  const auto* found = value == nullptr ? nullptr : std::get_if<Value>(&value->data);
  return found == nullptr ? otherwise : *found;
}

// Runs under the same budget of time may spend it as they like; under a budget of steps these must agree too.
constexpr std::array<const char*, 7> kTerms = {"data.corpus",     "data.path",      "data.prepared", "data.validation",
                                               "data.split_seed", "data.tokenizer", "train.minutes"};
constexpr std::array<const char*, 4> kStepTerms = {"train.steps", "train.batch", "train.accumulate", "data.length"};

void check_terms(const Experiment& experiment, const std::vector<PlannedRun>& runs) {
  if (!experiment.allow_unequal.empty()) return;
  const auto check = [&](const std::string& key) {
    const auto* expected = runs.front().config.find(key);
    for (const auto& run : runs) {
      const auto* value = run.config.find(key);
      const bool equal = (value == nullptr) == (expected == nullptr) && (value == nullptr || value->data == expected->data);
      if (equal) continue;
      throw usage_error("experiment",
                        fmt::format("'{}' and '{}' differ in {}: runs on unequal terms do not compare",
                                    text_of(runs.front().choice), text_of(run.choice), key),
                        "make them equal, or say why they may differ: allow_unequal = \"...\"");
    }
  };
  for (const auto* key : kTerms) check(key);
  const Config& first = runs.front().config;
  const bool by_time = number<double>(first, "train.minutes", 0) > 0 && number<int64_t>(first, "train.steps", 0) == 0;
  if (by_time) return;
  for (const auto* key : kStepTerms) check(key);
}

}  // namespace

std::vector<PlannedRun> plan_runs(const Experiment& experiment, const ReadOverrides& read_overrides, const CorpusHash& corpus_hash,
                                  const std::string& version) {
  std::vector<PlannedRun> runs;
  std::map<std::string, std::string> known;
  for (const int64_t seed : experiment.seeds) {
    for (const auto& choice : all_choices(experiment.axes)) {
      PlannedRun run = {"", choice, seed, read_overrides(overrides_of(experiment, choice, seed))};
      // Variants that differ in their budget alone are the same run in the tiny version of an experiment; there each is made
      // nevertheless.
      const uint64_t apart = experiment.last_overrides.empty() ? 0 : hash_text(text_of(choice));
      run.address = fmt::format("{:016x}", hash_of(run.config, corpus_hash(run.config), version) ^ apart);
      const std::string name = fmt::format("{}, seed {}", text_of(choice), seed);
      const auto [place, is_new] = known.try_emplace(run.address, name);
      if (!is_new) {
        throw usage_error("experiment", fmt::format("'{}' and '{}' are the same run", place->second, name),
                          "two variants of an axis must change something different");
      }
      runs.push_back(std::move(run));
    }
  }
  check_terms(experiment, runs);
  return runs;
}

}  // namespace difflm
