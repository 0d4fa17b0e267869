// An experiment as the user sees it: planning, running what is missing in separate processes, one line of progress. Used by the
// verb `compare`.
#pragma once

#include <string>
#include <vector>

#include "difflm/comparison/experiment_folder.h"

namespace difflm {

struct ComparisonRequest {
  std::string experiment;              // a file
  std::vector<std::string> overrides;  // key=value for every run; the variants take precedence
  bool smoke = false;
};

// Reads and checks everything; no work is done yet.
Plan make_plan(const ComparisonRequest& request);

// What would be run: one line per run with its address, parameters, budget, expected minutes and whether it is done; then the
// minutes left.
std::string dry_run(const Plan& plan, const ExperimentFolder& folder);

// The command that makes one run: `difflm compare run DIR ADDRESS`.
std::vector<std::string> run_command(const PlannedRun& run, const ExperimentFolder& folder);

// Trains a run and evaluates every sampling setting in this process; continues where an earlier attempt ended.
void make_run(const ExperimentFolder& folder, const std::string& address, int64_t threads);

// Makes all runs that are missing, `jobs` at a time. A run that fails is recorded and the others continue. Throws Interrupted after
// Ctrl-C; the same call then continues. Returns the number of failed runs.
int64_t make_missing_runs(const Plan& plan, const ExperimentFolder& folder, int64_t jobs);

}  // namespace difflm
