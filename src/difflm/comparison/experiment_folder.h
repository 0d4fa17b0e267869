// The folder of an experiment: what is planned, and what the runs have left so far.
//
//   plan.json                     the experiment and its runs
//   runs/ADDRESS/config.toml      the resolved configuration
//   runs/ADDRESS/model/           the run folder
//   runs/ADDRESS/log.txt          what training and evaluation printed
//   runs/ADDRESS/failure.txt      why its last attempt failed, where it did
//   runs/ADDRESS/SETTING.json     the evaluation of a sampling setting; SETTING.jsonl its texts
//   results.jsonl, results.csv, report.html
//
// A setting is identified by a hash of its overrides, the number of samples and the metrics: where one of them changes, it is
// evaluated again without new training.
#pragma once

#include <string>
#include <vector>

#include "difflm/comparison/plan.h"

namespace difflm {

// What plan.json contains.
struct Plan {
  Experiment experiment;
  std::string code;  // version of the code that makes the runs
  std::vector<PlannedRun> runs;
};

class ExperimentFolder {
 public:
  explicit ExperimentFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string run(const PlannedRun& run) const { return path_ + "/runs/" + run.address; }
  std::string model(const PlannedRun& one) const { return run(one) + "/model"; }
  std::string log(const PlannedRun& one) const { return run(one) + "/log.txt"; }
  std::string failure_note(const PlannedRun& one) const { return run(one) + "/failure.txt"; }  // why its last attempt failed
  std::string evaluation(const PlannedRun& run, const Experiment& experiment, const Variant& sampling) const;
  std::string texts(const PlannedRun& run, const Experiment& experiment, const Variant& sampling) const;

  // True where every sampling setting has been evaluated.
  bool is_done(const PlannedRun& run, const Experiment& experiment) const;

  // Writes plan.json and the configuration of every run; results of other runs in the folder stay.
  void write(const Plan& plan) const;

  // Throws a usage error where there is no plan, a failure where it is damaged.
  Plan read() const;

 private:
  std::string path_;
};

}  // namespace difflm
