// An evaluation as the user sees it: sampling with its progress, the judge, the table on standard output, JSON and texts in files.
// Shared by the verbs `eval` and `compare`.
#pragma once

#include <string>
#include <vector>

#include "difflm/cli/classifier_runs.h"
#include "difflm/cli/sample_overrides.h"

namespace difflm {

struct EvaluationRequest {
  std::string run;      // a run folder to sample from,
  std::string samples;  // or a file of texts with `reference`
  std::vector<std::string> reference;
  int64_t count = 1000;
  uint64_t seed = 1;
  SampleOverrides overrides;
  std::string judge;  // a run folder; empty: trained once and cached
  bool no_judge = false;
  bool describe_model = true;  // with a run: curves of the model itself, which do not depend on how it is sampled
  std::string json;            // files to write; empty: none
  std::string keep;
  std::string control;  // tasks of steering: a .jsonl file, or kinds joined by commas; empty: no steering
  ClassifierRuns classifiers;
  std::string attribute_judge;  // a corpus to learn from; empty: attributes are judged by rule alone
  int64_t targets = 50;         // tasks of each kind
  int64_t per_target = 20;
};

// Throws Interrupted after Ctrl-C, and a usage error where neither or both of run and samples are given.
void evaluate_with_progress(const EvaluationRequest& request);

}  // namespace difflm
