#include "difflm/comparison/experiment_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/core/random.h"

namespace difflm {
namespace {

std::string setting_name(const Experiment& experiment, const Variant& sampling) {
  const std::string what = to_text(Json({sampling.overrides, experiment.samples, experiment.metrics}));
  return fmt::format("{}-{:08x}", sampling.name, hash_text(what) >> 32);
}

Json json_of(const std::vector<Variant>& variants) {
  Json json = Json::array();
  for (const auto& variant : variants) json.push_back({{"name", variant.name}, {"words", variant.overrides}});
  return json;
}

std::vector<Variant> variants_of(const Json& json) {
  std::vector<Variant> variants;
  for (const auto& one : json) variants.push_back({one.at("name"), one.at("words")});
  return variants;
}

Json json_of(const Experiment& experiment) {
  Json json = {{"question", experiment.question}, {"base", experiment.base},
               {"seeds", experiment.seeds},       {"samples", experiment.samples},
               {"metrics", experiment.metrics},   {"allow_unequal", experiment.allow_unequal},
               {"smoke", experiment.smoke},       {"last_words", experiment.last_overrides}};
  json["samplings"] = json_of(experiment.samplings);
  json["axes"] = Json::array();
  for (const auto& axis : experiment.axes) json["axes"].push_back({{"name", axis.name}, {"variants", json_of(axis.variants)}});
  json["contrasts"] = Json::array();
  for (const auto& one : experiment.contrasts) {
    json["contrasts"].push_back({{"name", one.name}, {"first", one.first}, {"second", one.second}, {"metric", one.metric}});
  }
  return json;
}

Experiment experiment_of(const Json& json) {
  Experiment experiment;
  json.at("question").get_to(experiment.question);
  json.at("base").get_to(experiment.base);
  json.at("seeds").get_to(experiment.seeds);
  json.at("samples").get_to(experiment.samples);
  json.at("metrics").get_to(experiment.metrics);
  json.at("allow_unequal").get_to(experiment.allow_unequal);
  json.at("smoke").get_to(experiment.smoke);
  json.at("last_words").get_to(experiment.last_overrides);
  experiment.samplings = variants_of(json.at("samplings"));
  for (const auto& axis : json.at("axes")) experiment.axes.push_back({axis.at("name"), variants_of(axis.at("variants"))});
  for (const auto& one : json.at("contrasts")) {
    experiment.contrasts.push_back(
        {one.at("name"), one.at("first").get<Choice>(), one.at("second").get<Choice>(), one.at("metric")});
  }
  return experiment;
}

}  // namespace

std::string ExperimentFolder::evaluation(const PlannedRun& one, const Experiment& experiment, const Variant& sampling) const {
  return run(one) + "/" + setting_name(experiment, sampling) + ".json";
}

std::string ExperimentFolder::texts(const PlannedRun& one, const Experiment& experiment, const Variant& sampling) const {
  return run(one) + "/" + setting_name(experiment, sampling) + ".jsonl";
}

bool ExperimentFolder::is_done(const PlannedRun& run, const Experiment& experiment) const {
  const auto& settings = experiment.samplings;
  return std::all_of(settings.begin(), settings.end(), [&](const Variant& sampling) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(evaluation(run, experiment, sampling), missing);
    return !missing && size > 0;
  });
}

void ExperimentFolder::write(const Plan& plan) const {
  Json json = {{"experiment", json_of(plan.experiment)}, {"code", plan.code}, {"runs", Json::array()}};
  for (const auto& one : plan.runs) {
    make_folder(run(one));
    replace_file_with_text(run(one) + "/config.toml", one.config.to_toml());
    json["runs"].push_back({{"address", one.address}, {"choice", one.choice}, {"seed", one.seed}});
  }
  replace_file_with_text(file("plan.json"), to_text(json, 2) + "\n");
}

Plan ExperimentFolder::read() const {
  const std::string path = file("plan.json");
  if (!std::filesystem::exists(path)) {
    throw usage_error(path_, "is not the folder of an experiment: it has no plan.json",
                      "`compare` makes one of an experiment file");
  }
  Plan plan;
  try {
    const Json json = parse_json(read_text_file(path));
    plan.experiment = experiment_of(json.at("experiment"));
    json.at("code").get_to(plan.code);
    for (const auto& one : json.at("runs")) {
      plan.runs.push_back({one.at("address"), one.at("choice").get<Choice>(), one.at("seed"), {}});
    }
  } catch (const Json::exception& error) {
    throw failure(path, fmt::format("is damaged: {}", error.what()));
  }
  for (auto& one : plan.runs) one.config.read_file(run(one) + "/config.toml");
  return plan;
}

}  // namespace difflm
