#include "difflm/model/removed_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "difflm/core/error.h"

namespace difflm {
namespace {

using Data = ConfigValue::Data;

// A removed key; one that ends with a dot stands for all keys below it.
struct RemovedKey {
  std::string key;
  std::optional<Data> harmless;  // the value that had no effect; empty: any, since a RemovedValue says whether it was used
};

// A removed value of a key that still exists.
struct RemovedValue {
  std::string key;
  std::string value;
};

// docs/tried.md has a line for each.
const std::vector<RemovedKey>& removed_keys() {
  static const std::vector<RemovedKey> keys = {
      {"noise.spread", Data("even")},
      {"noise.front.", {}},
      {"noise.independent.", {}},
      {"noise.importance.", {}},
      {"sampling.window", Data(0.0)},
      {"sampling.clamp_below", {}},
      {"sampling.ddpm.noise", Data(1.0)},
      {"loss.table_steps", Data(int64_t{0})},
      {"loss.separation.", {}},
      {"control.adagrad.", {}},
      {"control.normalised.", {}},
      {"control.langevin.", {}},
      {"model.mlp.", {}},
      {"model.finetuned.", {}},
      {"model.projected.", {}},
  };
  return keys;
}

const std::vector<RemovedValue>& removed_values() {
  static const std::vector<RemovedValue> values = {
      {"noise.times", "importance"},    {"sampling.clamp", "below"},    {"loss.terms", "separation"},
      {"control.rule", "adagrad"},      {"control.rule", "normalised"}, {"control.rule", "langevin"},
      {"model.position", "sinusoidal"}, {"model.norm", "layer"},        {"model.denoiser", "mlp"},
  };
  return values;
}

[[noreturn]] void refuse(const ConfigValue& value, const std::string& option) {
  throw usage_error(value.origin, fmt::format("{} was removed after 0.1 (docs/tried.md has its results)", option),
                    "commit 0afe9b8 has it");
}

std::optional<double> number(const Data& data) {
  if (const auto* integer = std::get_if<int64_t>(&data)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&data)) return *real;
  return std::nullopt;
}

bool is_same(const Data& a, const Data& b) {
  const auto x = number(a);
  return x ? x == number(b) : a == b;
}

bool names(const Data& data, const std::string& value) {
  if (const auto* one = std::get_if<std::string>(&data)) return *one == value;
  const auto* several = std::get_if<std::vector<std::string>>(&data);
  return several != nullptr && std::find(several->begin(), several->end(), value) != several->end();
}

// What used to be three embedding spaces is now one with options: `finetuned` is pretrained.trained, `projected` is
// pretrained.dimension.
Config with_one_pretrained(const Config& config) {
  const auto* space = config.find("model.embedding");
  const auto* name = space == nullptr ? nullptr : std::get_if<std::string>(&space->data);
  if (name == nullptr || (*name != "finetuned" && *name != "projected")) return config;
  const std::string before = "model." + *name + ".";
  const std::string now = "model.pretrained.";
  Config result;
  if (*name == "finetuned") result.set(now + "trained", {true, space->origin});
  if (*name == "projected") result.set(now + "dimension", {int64_t{64}, space->origin});
  for (const auto& [key, value] : config.values()) {
    if (key.starts_with(now)) continue;  // options of a space that was not chosen
    result.set(key.starts_with(before) ? now + key.substr(before.size()) : key, value);
  }
  result.set("model.embedding", {"pretrained", space->origin});
  return result;
}

Config checked(const Config& config, const std::function<bool(const std::string& key)>& decided) {
  for (const auto& removed : removed_values()) {
    const auto* value = config.find(removed.key);
    if (value != nullptr && decided(removed.key) && names(value->data, removed.value)) {
      refuse(*value, removed.key + "=" + removed.value);
    }
  }
  Config rest;
  for (const auto& [key, value] : config.values()) {
    const auto removed = std::find_if(removed_keys().begin(), removed_keys().end(), [&key = key](const RemovedKey& one) {
      return one.key.ends_with('.') ? key.starts_with(one.key) : key == one.key;
    });
    if (removed == removed_keys().end() || !decided(key)) {
      rest.set(key, value);
    } else if (removed->harmless && !is_same(value.data, *removed->harmless)) {
      refuse(value, key);
    }
  }
  return rest;
}

}  // namespace

Config without_removed_options(const Config& config) {
  return checked(with_one_pretrained(config), [](const std::string&) { return true; });
}

Config without_removed_options_of_run(const Config& config) {
  return checked(with_one_pretrained(config),
                 [](const std::string& key) { return !key.starts_with("sampling.") && !key.starts_with("control."); });
}

}  // namespace difflm
