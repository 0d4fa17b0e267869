// What the runs of an experiment have found.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "difflm/comparison/experiment_folder.h"
#include "difflm/core/json.h"

namespace difflm {

struct RunResult {
  PlannedRun run;
  std::map<std::string, Json> evaluations;  // by the name of the sampling setting, those that are finished
  std::string failure;                      // why it failed, where it did
};

struct Results {
  Plan plan;
  std::vector<RunResult> runs;

  // The value of a metric of one row ("samples", "held-out", a control); NaN where it is undefined or missing.
  static double value(const Json& evaluation, const std::string& row, const std::string& metric,
                      const std::string& part = "");  // part: "", "lower" or "upper"

  // All metrics of the finished evaluations, in their order.
  std::vector<std::string> metrics() const;
  // All rows but "samples".
  std::vector<std::string> controls() const;
  const Json* any_evaluation() const;
};

// What one run has left so far. Throws a failure that names a damaged file.
RunResult read_result(const ExperimentFolder& folder, const Experiment& experiment, const PlannedRun& run);

// Throws a usage error where the folder has no plan, a failure that names a damaged file.
Results read_results(const ExperimentFolder& folder);

// One line per run and sampling setting, with everything in it; what concerns the model alone is in the first line of a run.
std::string results_jsonl(const Results& results);

// One line per run, sampling setting, row and metric: for a spreadsheet or R.
std::string results_csv(const Results& results);

}  // namespace difflm
