#include "difflm/comparison/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"

namespace difflm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::string cell(double value) { return std::isfinite(value) ? fmt::format("{:.8g}", value) : ""; }

}  // namespace

double Results::value(const Json& evaluation, const std::string& row, const std::string& metric, const std::string& part) {
  const std::string key = (part.empty() ? metric : metric + "_" + part) + ",none";
  const auto rows = evaluation.find("results");
  if (rows == evaluation.end() || !rows->contains(row)) return kNone;
  const Json& values = rows->at(row);
  return values.contains(key) && values[key].is_number() ? values[key].get<double>() : kNone;
}

const Json* Results::any_evaluation() const {
  for (const auto& run : runs) {
    if (!run.evaluations.empty()) return &run.evaluations.begin()->second;
  }
  return nullptr;
}

std::vector<std::string> Results::metrics() const {
  std::vector<std::string> names;
  const auto* evaluation = any_evaluation();
  if (evaluation == nullptr) return names;
  for (const auto& [name, unit] : evaluation->at("units").items()) names.push_back(name);
  return names;
}

std::vector<std::string> Results::controls() const {
  std::vector<std::string> names;
  const auto* evaluation = any_evaluation();
  if (evaluation == nullptr) return names;
  for (const auto& [name, row] : evaluation->at("results").items()) {
    if (name != "samples") names.push_back(name);
  }
  return names;
}

RunResult read_result(const ExperimentFolder& folder, const Experiment& experiment, const PlannedRun& run) {
  RunResult found;
  found.run = run;
  for (const auto& sampling : experiment.samplings) {
    const std::string path = folder.evaluation(run, experiment, sampling);
    if (!std::filesystem::exists(path) || std::filesystem::file_size(path) == 0) continue;
    Json json = try_parse_json(read_text_file(path));
    if (!json.is_object() || !json.contains("results") || !json.contains("units")) {
      throw failure(path, "is not an evaluation of difflm", "remove it and run the experiment again");
    }
    found.evaluations[sampling.name] = std::move(json);
  }
  if (std::filesystem::exists(folder.failure_note(run))) found.failure = read_text_file(folder.failure_note(run));
  return found;
}

Results read_results(const ExperimentFolder& folder) {
  Results results;
  results.plan = folder.read();
  for (const auto& run : results.plan.runs) results.runs.push_back(read_result(folder, results.plan.experiment, run));
  return results;
}

std::string results_jsonl(const Results& results) {
  std::string text;
  for (const auto& one : results.runs) {
    Json line = {{"address", one.run.address}, {"code", results.plan.code}, {"seed", one.run.seed}};
    for (const auto& [axis, variant] : one.run.choice) line["choice"][axis] = variant;
    if (one.evaluations.empty() || !one.failure.empty()) {
      line["status"] = one.failure.empty() ? "missing" : "failed";
      if (!one.failure.empty()) line["failure"] = one.failure;
      text += to_text_replacing(line) + "\n";  // a log may hold any bytes
    }
    line.erase("failure");
    for (const auto& [sampling, evaluation] : one.evaluations) {
      line["status"] = "done";
      line["sampling"] = sampling;
      for (const char* part :
           {"results", "higher_is_better", "units", "n-samples", "config", "warnings", "notes", "origin", "model"}) {
        if (evaluation.contains(part)) line[part] = evaluation[part];
      }
      // What concerns the model alone is the same for all settings: the first line of a run has it.
      if (sampling != one.evaluations.begin()->first && line.contains("model")) {
        for (const char* part : {"rounding_curve", "embedding_map", "likelihood"}) line["model"].erase(part);
      }
      text += to_text(line) + "\n";
    }
  }
  return text;
}

std::string results_csv(const Results& results) {
  std::string text = "address,code,seed";
  for (const auto& axis : results.plan.experiment.axes) text += "," + quoted(axis.name);
  text += ",sampling,row,metric,unit,value,lower,upper\n";
  for (const auto& one : results.runs) {
    for (const auto& [sampling, evaluation] : one.evaluations) {
      std::string start = fmt::format("{},{},{}", one.run.address, quoted(results.plan.code), one.run.seed);
      for (const auto& [axis, variant] : one.run.choice) start += "," + quoted(variant);
      for (const auto& [row, values] : evaluation.at("results").items()) {
        for (const auto& [metric, unit] : evaluation.at("units").items()) {
          const double value = Results::value(evaluation, row, metric);
          if (!std::isfinite(value)) continue;
          text += fmt::format("{},{},{},{},{},{},{},{}\n", start, quoted(sampling), quoted(row), metric,
                              quoted(unit.is_string() ? unit.get<std::string>() : ""), cell(value),
                              cell(Results::value(evaluation, row, metric, "lower")),
                              cell(Results::value(evaluation, row, metric, "upper")));
        }
      }
    }
  }
  return text;
}

}  // namespace difflm
