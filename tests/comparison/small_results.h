// Small results in memory, with evaluations in the shape that evaluation/report.cpp writes: three metrics, one of each direction.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "difflm/comparison/results.h"
#include "difflm/comparison/verdict.h"
#include "difflm/core/json.h"

namespace difflm::test {

using Values = std::map<std::string, double>;  // by metric

inline constexpr const char* kLower = "energy_distance";
inline constexpr const char* kHigher = "mauve";
inline constexpr const char* kAsHeldOut = "unigram_entropy";

// One row; each interval reaches one half to either side. What is not finite becomes null.
inline Json small_row(const std::string& name, const Values& values) {
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
  Json row = {{"alias", name}};
  for (const auto& [metric, value] : values) {
    row[metric + ",none"] = number(value);
    row[metric + "_stderr,none"] = number(value * 0 + 0.25);
    row[metric + "_lower,none"] = number(value - 0.5);
    row[metric + "_upper,none"] = number(value + 0.5);
  }
  return row;
}

inline Json small_evaluation(const Values& samples, const Values& held_out = {}) {
  const Json directions = {{kLower, false}, {kHigher, true}, {kAsHeldOut, nullptr}};
  Json json;
  for (const auto& [name, values] : {std::pair<std::string, Values>{"samples", samples}, {"held-out", held_out}}) {
    json["results"][name] = small_row(name, values);
    json["higher_is_better"][name] = directions;
    json["n-samples"][name] = {{"original", 20}, {"effective", 20}};
  }
  json["config"] = {{"judge", nullptr}, {"ngram_judge", "5-gram"}};
  json["units"] = {{kLower, "none"}, {kHigher, "share, of 1"}, {kAsHeldOut, "nats"}};
  json["warnings"] = Json::array();
  json["notes"] = Json::array();
  return json;
}

// An axis or the sampling settings by names alone: what they change does not matter to the results.
inline std::vector<Variant> variants(const std::vector<std::string>& names) {
  std::vector<Variant> all;
  for (const auto& name : names) all.push_back({name, {"key.of." + name + "=1"}});
  return all;
}

inline const Axis kRounding = {"rounding", variants({"nearest", "softmax"})};
inline const Choice kSoftmax = {{"rounding", "softmax"}};
inline const Choice kNearest = {{"rounding", "nearest"}};

// Every combination of the axes with every seed, with nothing finished yet.
inline Results small_results(const std::vector<Axis>& axes, const std::vector<int64_t>& seeds,
                             const std::vector<std::string>& samplings = {"default"}) {
  Results results;
  Experiment& experiment = results.plan.experiment;
  experiment.question = "does it matter?";
  experiment.base = {"small"};
  experiment.seeds = seeds;
  experiment.samples = 20;
  experiment.axes = axes;
  experiment.samplings = variants(samplings);
  results.plan.code = "1";
  std::vector<Choice> choices(1);
  for (const auto& axis : axes) {
    std::vector<Choice> longer;
    for (const auto& choice : choices) {
      for (const auto& variant : axis.variants) {
        longer.push_back(choice);
        longer.back().emplace_back(axis.name, variant.name);
      }
    }
    choices = longer;
  }
  for (const int64_t seed : seeds) {
    for (const auto& choice : choices) {
      PlannedRun run = {fmt::format("{:016x}", results.runs.size() + 1), choice, seed, {}};
      run.config.read_toml(fmt::format("train.seed = {}\n", seed), "default");
      results.plan.runs.push_back(run);
      results.runs.push_back({run, {}, ""});
    }
  }
  return results;
}

inline RunResult& run_of(Results& results, const Choice& choice, int64_t seed) {
  for (auto& run : results.runs) {
    if (run.run.choice == choice && run.run.seed == seed) return run;
  }
  throw std::logic_error("no such run");
}

// Finishes the runs of a choice with one value per seed, seeds from 1 on; the runs of later seeds stay as they are.
inline void finish(Results& results, const Choice& choice, const std::string& metric, const std::vector<double>& values,
                   const std::string& sampling = "default", double held_out = 0) {
  for (size_t i = 0; i < values.size(); ++i) {
    run_of(results, choice, static_cast<int64_t>(i) + 1).evaluations[sampling] =
        small_evaluation({{metric, values[i]}}, {{metric, held_out}});
  }
}

// The verdict of the results on `first` against `second` by `metric`.
inline Verdict verdict_of(Results results, const Choice& first, const Choice& second, const std::string& metric) {
  results.plan.experiment.contrasts = {{"main", first, second, metric}};
  return verdicts(results).at(0);
}

}  // namespace difflm::test
