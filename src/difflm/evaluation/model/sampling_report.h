// What an evaluation reports about how a run's texts were sampled: the model's confidence along the steps, and what they cost.
#pragma once

#include <vector>

#include "difflm/core/json_fwd.h"
#include "difflm/model/run_folder.h"
#include "difflm/sampling/generate.h"

namespace difflm {

// Mean confidence of the first batch of texts at each sampling step, {"u": [...], "confidence": [...]}: feed it every step.
class ConfidenceCurve {
 public:
  void observe(const SampleStep& step);
  Json to_json() const;

 private:
  std::vector<double> u_;
  std::vector<double> confidence_;
};

// Cost of the run and of `count` texts, for which the network was evaluated `evaluations` times (LanguageModel::evaluations):
// {"parameters", "training_seconds", "training_tokens", "training_flops" (6 x parameters x tokens; the second pass of
// self-conditioning and attention's own products are not counted), "network_evaluations" (of one text; null for a model that writes
// word by word), "sampling_seconds", "samples_per_second"}.
Json cost_report(const Run& run, int64_t evaluations, size_t count, double sampling_seconds);

}  // namespace difflm
