#include "difflm/api/training_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "difflm/api/asked_config.h"
#include "difflm/api/fitted_recipe.h"
#include "difflm/api/run_place.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/data/prepared.h"
#include "difflm/settings/catalogue.h"
#include "difflm/training/run_setup.h"

namespace difflm {
namespace {

std::string config_in(const std::string& folder) { return folder + "/config.toml"; }
std::string chosen_in(const std::string& folder) { return folder + "/chosen.toml"; }

Config file_or_nothing(const std::string& path) {
  Config config;
  if (std::filesystem::exists(path)) config.read_file(path);
  return config;
}

// A budget belongs to a command, though a run may be continued with another.
bool tells_commands_apart(const std::string& key) {
  return !may_change_on_resume(key) || key == "train.steps" || key == "train.minutes";
}

std::vector<std::string> differing_keys(const Config& one, const Config& other) {
  std::vector<std::string> keys;
  const auto compare = [&](const Config& a, const Config& b) {
    for (const auto& [key, value] : a.values()) {
      const auto* found = b.find(key);
      const bool same = found != nullptr && found->data == value.data;
      if (!same && tells_commands_apart(key) && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  };
  compare(one, other);
  compare(other, one);
  return keys;
}

// What the texts of a configuration are called after: their files, or the configuration itself.
std::string name_for(const TrainRequest& request, const Config& asked) {
  if (!request.texts.empty()) return name_after(request.texts);
  const auto paths = read_options<DataOptions>(asked, "data").path;
  if (!paths.empty()) return name_after(paths);
  return request.configs.empty() ? "builtin" : name_after({request.configs.back()});
}

}  // namespace

TrainingPlan::TrainingPlan(const TrainRequest& request)
    : piped_(request.texts), has_texts_(!request.texts.empty()), folder_(request.folder) {
  std::vector<std::string> configs = request.configs;
  const bool by_itself = configs.empty() && request.toml.empty() && !has_texts_;  // a run that goes on by its own configuration
  if (by_itself && !folder_.empty() && holds_run(folder_)) configs.push_back(config_in(folder_));
  if (configs.empty() && request.toml.empty() && request.settings.empty() && !has_texts_) {
    throw usage_error("texts", "are missing, expected files of texts, or a configuration",
                      "`catalogue` has the presets; the one called builtin needs no texts");
  }
  asked_ = read_asked(configs, request.toml, request.settings);
  if (const std::string start = read_options<TrainOptions>(asked_, "train").start; !start.empty()) {
    asked_.set("train.start", {std::filesystem::absolute(start).lexically_normal().string(), "train.start"});
    if (has_texts_) take_network_of(start);
  }
  if (folder_.empty()) find_folder(request);

  if (!has_texts_) {
    config_ = resolve(asked_);
  } else if (holds_run(folder_)) {
    config_ = resolve(overlaid(file_or_nothing(config_in(folder_)), asked_in(folder_)));
  } else {
    Config looked_at = asked_;
    looked_at.set("data.path", {piped_.paths(), "texts"});
    FittedRecipe fitted = fit_recipe(looked_at);
    for (auto& note : fitted.inspection.notes) note = piped_.shown(note);
    fitted.inspection.toml = piped_.shown(fitted.inspection.toml);
    inspection_ = std::move(fitted.inspection);
    config_ = std::move(fitted.config);
    config_.set("data.path", {piped_.paths_in(folder_), "texts"});
  }
}

void TrainingPlan::take_network_of(const std::string& start) {
  const Config learned = file_or_nothing(config_in(start));
  if (learned.values().empty()) return;
  const std::string vocabulary = "data." + read_options<DataOptions>(learned, "data").tokenizer + ".";
  for (const auto& [key, value] : learned.values()) {
    const bool network = (key.starts_with("model.") && !key.ends_with(".dropout")) || key.starts_with("noise.");
    const bool taken = network || key.starts_with(vocabulary) || key == "data.tokenizer" || key == "data.length";
    if (taken && asked_.find(key) == nullptr) asked_.set(key, {value.data, "train.start"});
  }
}

void TrainingPlan::find_folder(const TrainRequest& request) {
  // The configuration of a run, in its folder: that run goes on.
  if (request.configs.size() == 1 && !has_texts_ && std::filesystem::path(request.configs[0]).filename() == "config.toml") {
    const std::string parent = std::filesystem::path(request.configs[0]).parent_path().string();
    if (std::filesystem::exists(parent + "/data.json")) {
      folder_ = parent;
      place_ = parent + ": this run goes on";
      return;
    }
  }
  RunPlace place = place_run(name_for(request, asked_), [&](const std::string& folder) { return difference(folder); });
  folder_ = std::move(place.folder);
  place_ = std::move(place.line);
}

Config TrainingPlan::asked_in(const std::string& folder) const {
  Config asked = asked_;
  if (has_texts_) asked.set("data.path", {piped_.paths_in(folder), "texts"});
  return asked;
}

std::string TrainingPlan::difference(const std::string& folder) const {
  const Config asked = asked_in(folder);
  Config now = asked;
  if (has_texts_) now = overlaid(overlaid(preset_below(asked), file_or_nothing(chosen_in(folder))), asked);
  std::vector<std::string> keys;
  try {
    keys = differing_keys(resolve(now), resolve(file_or_nothing(config_in(folder))));
  } catch (const Error&) {
    return "its configuration cannot be read";
  }
  if (!keys.empty()) return fmt::format("it differs in {}", fmt::join(keys, ", "));
  if (piped_.is_given() && !piped_.is_in(folder)) return "of other texts";
  const auto data = read_options<DataOptions>(now, "data");
  const std::string facts = folder + "/data.json";
  const bool known = data.prepared.empty() && std::filesystem::exists(facts);
  if (known && read_corpus_facts(facts).hash != corpus_hash(data, resolve(now))) return "of texts that have changed since";
  return "";
}

void TrainingPlan::write() const {
  if (!inspection_) return;
  piped_.write_to(folder_);
  replace_file_with_text(chosen_in(folder_), inspection_->toml);
}

}  // namespace difflm
