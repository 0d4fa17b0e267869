#include "difflm/comparison/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/core/options.h"

namespace difflm {
namespace {

constexpr size_t kFewSeeds = 2;  // a contrast needs a spread
constexpr int64_t kSmokeSamples = 24;
constexpr size_t kSmokeSeeds = 1;

struct ExperimentOptions {
  std::string question;
  std::vector<std::string> base;
  int64_t samples = 1000;
  std::vector<std::string> metrics;
  std::string allow_unequal;
  std::vector<std::string> smoke;
  void describe(OptionVisitor& visitor) {
    visitor.field("question", question, "what the experiment asks");
    visitor.field("base", base, "configuration and overrides, as `train` takes them");
    visitor.field("samples", samples, "texts of every run and sampling setting", {1, 1e7});
    visitor.field("metrics", metrics, "metrics of `evaluate`, all where empty");
    visitor.field("allow_unequal", allow_unequal, "why runs on unequal terms may be compared");
    visitor.field("smoke", smoke, "overrides that make the experiment tiny, as a smoke test");
  }
};

struct ContrastOptions {
  std::string first;
  std::string second;
  std::string metric;
  void describe(OptionVisitor& visitor) {
    visitor.field("first", first, "AXIS=VARIANT, several separated by commas; also sampling=SETTING");
    visitor.field("second", second, "AXIS=VARIANT of the same axes");
    visitor.field("metric", metric, "a metric of `evaluate`");
  }
};

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    std::string part = text.substr(at, end - at);
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    parts.push_back(part);
    at = end + 1;
  }
  return parts;
}

std::vector<std::string> overrides_of(const std::string& key, const ConfigValue& value) {
  const auto* overrides = std::get_if<std::vector<std::string>>(&value.data);
  const auto* numbers = std::get_if<std::vector<double>>(&value.data);
  if (overrides == nullptr && !(numbers != nullptr && numbers->empty())) {
    throw usage_error(fmt::format("{} ({})", key, value.origin),
                      fmt::format("is {}, expected a list of key=value overrides", type_name(value.data)));
  }
  for (const auto& word : overrides == nullptr ? std::vector<std::string>() : *overrides) {
    if (word.find('=') == std::string::npos && !word.ends_with(".toml")) {
      throw usage_error(fmt::format("{} ({})", key, value.origin),
                        fmt::format("has '{}', expected key=value or a config file", word));
    }
  }
  return overrides == nullptr ? std::vector<std::string>() : *overrides;
}

std::vector<int64_t> seeds_of(const Config& config) {
  const auto* value = config.find("seeds");
  if (value == nullptr)
    throw usage_error("seeds", "are missing, expected a list of whole numbers", "for example seeds = [1, 2, 3]");
  const auto* numbers = std::get_if<std::vector<double>>(&value->data);
  if (numbers == nullptr || numbers->empty()) {
    throw usage_error(fmt::format("seeds ({})", value->origin), "expected a list of whole numbers",
                      "for example seeds = [1, 2, 3]");
  }
  std::vector<int64_t> seeds;
  for (const double number : *numbers) {
    if (number != std::floor(number) || number < 0) {
      throw usage_error(fmt::format("seeds ({})", value->origin), fmt::format("has {}, expected whole numbers from 0", number));
    }
    seeds.push_back(static_cast<int64_t>(number));
  }
  auto sorted = seeds;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    throw usage_error(fmt::format("seeds ({})", value->origin), "has a seed twice: equal runs prove nothing");
  }
  return seeds;
}

// The axes, and the sampling settings as one more.
std::vector<Axis> contrasted(const Experiment& experiment) {
  auto axes = experiment.axes;
  axes.push_back({kSampling, experiment.samplings});
  return axes;
}

Choice read_choice(const std::string& where, const std::string& text, const std::vector<Axis>& axes) {
  Choice choice;
  for (const auto& part : parts_of(text, ',')) {
    const size_t sign = part.find('=');
    if (sign == std::string::npos) throw usage_error(where, fmt::format("is '{}', expected AXIS=VARIANT", text));
    const std::string axis = part.substr(0, sign);
    const std::string variant = part.substr(sign + 1);
    const auto found = std::find_if(axes.begin(), axes.end(), [&](const Axis& one) { return one.name == axis; });
    std::vector<std::string> names;
    if (found == axes.end()) {
      for (const auto& one : axes) names.push_back(one.name);
      throw usage_error(where, fmt::format("there is no axis '{}'", axis), suggestion(axis, names));
    }
    for (const auto& one : found->variants) names.push_back(one.name);
    if (std::find(names.begin(), names.end(), variant) == names.end()) {
      throw usage_error(where, fmt::format("axis '{}' has no variant '{}'", axis, variant), suggestion(variant, names));
    }
    choice.emplace_back(axis, variant);
  }
  std::sort(choice.begin(), choice.end());
  return choice;
}

void read_axes(const Config& config, Experiment& experiment) {
  const Config section = config.section("axis");
  for (const auto& [key, value] : section.values()) {
    const size_t dot = key.find('.');
    if (dot == std::string::npos) {
      throw usage_error(fmt::format("axis.{} ({})", key, value.origin), "is not a table of variants",
                        "for example [axis.rounding] with softmax = [] and nearest = [\"model.rounding=nearest\"]");
    }
    const std::string name = key.substr(0, dot);
    if (name == kSampling) throw usage_error("axis.sampling", "is reserved: sampling settings go into [sampling]");
    if (experiment.axes.empty() || experiment.axes.back().name != name) experiment.axes.push_back({name, {}});
    experiment.axes.back().variants.push_back({key.substr(dot + 1), overrides_of("axis." + key, value)});
  }
}

void read_contrasts(const Config& config, Experiment& experiment) {
  const Config section = config.section("contrast");
  std::vector<std::string> names;
  for (const auto& [key, value] : section.values()) {
    const std::string name = key.substr(0, key.find('.'));
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  for (const auto& name : names) {
    const std::string where = "contrast." + name;
    const auto options = read_options<ContrastOptions>(section, name);
    const auto axes = contrasted(experiment);
    Contrast contrast = {name, read_choice(where + ".first", options.first, axes),
                         read_choice(where + ".second", options.second, axes), options.metric};
    const auto same_axis = [](const auto& a, const auto& b) { return a.first == b.first; };
    if (!std::equal(contrast.first.begin(), contrast.first.end(), contrast.second.begin(), contrast.second.end(), same_axis)) {
      throw usage_error(where, fmt::format("'{}' and '{}' name different axes", options.first, options.second));
    }
    if (contrast.first == contrast.second) throw usage_error(where, "compares a variant with itself");
    if (contrast.metric.empty()) throw usage_error(where + ".metric", "is missing, expected a metric of `evaluate`");
    experiment.contrasts.push_back(std::move(contrast));
  }
  if (!experiment.contrasts.empty() && experiment.seeds.size() < kFewSeeds) {
    throw usage_error("seeds", "is a single one: a contrast needs at least 2, and 3 for a claim");
  }
}

// Every key must be one that is read.
void check_keys(const Config& config) {
  std::vector<std::string> known = {"question", "base", "seeds", "samples", "metrics", "allow_unequal", "smoke"};
  const std::vector<std::string> of_contrasts = {"first", "second", "metric"};
  for (const auto& [key, value] : config.values()) {
    const auto parts = parts_of(key, '.');
    if (parts.front() == "axis" || parts.front() == "sampling") continue;
    const std::string where = fmt::format("{} ({})", key, value.origin);
    if (parts.front() == "contrast") {
      if (parts.size() == 3 && std::find(of_contrasts.begin(), of_contrasts.end(), parts[2]) != of_contrasts.end()) continue;
      throw usage_error(where, "is no key of a contrast, expected contrast.NAME.first, .second or .metric");
    }
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw usage_error(where, "is no key of an experiment", suggestion(key, known));
    }
  }
}

}  // namespace

void make_smoke(Experiment& experiment) {
  if (experiment.smoke.empty()) throw usage_error("smoke", "is missing: the experiment does not say how to make it tiny");
  experiment.last_overrides.insert(experiment.last_overrides.end(), experiment.smoke.begin(), experiment.smoke.end());
  experiment.samples = std::min(experiment.samples, kSmokeSamples);
  experiment.seeds.resize(std::min<size_t>(experiment.seeds.size(), kSmokeSeeds));
}

std::string text_of(const Choice& choice) {
  std::string text;
  for (const auto& [axis, variant] : choice) text += fmt::format("{}{}={}", text.empty() ? "" : ", ", axis, variant);
  return text.empty() ? "base" : text;
}

Experiment read_experiment(const std::string& path) {
  Config config;
  config.read_file(path);
  return read_experiment(config);
}

Experiment read_experiment(const Config& config) {
  check_keys(config);
  const auto options = read_options<ExperimentOptions>(config, "");
  Experiment experiment;
  experiment.question = options.question;
  experiment.base = options.base;
  experiment.samples = options.samples;
  experiment.metrics = options.metrics;
  experiment.allow_unequal = options.allow_unequal;
  experiment.smoke = options.smoke;
  if (experiment.question.empty()) throw usage_error("question", "is missing: an experiment answers one");
  if (experiment.base.empty()) throw usage_error("base", "is missing, expected configuration and overrides as `train` takes them");
  experiment.seeds = seeds_of(config);
  read_axes(config, experiment);
  const Config samplings = config.section("sampling");
  for (const auto& [name, value] : samplings.values()) {
    experiment.samplings.push_back({name, overrides_of("sampling." + name, value)});
  }
  if (experiment.samplings.empty()) experiment.samplings.push_back({"default", {}});
  read_contrasts(config, experiment);
  return experiment;
}

}  // namespace difflm
