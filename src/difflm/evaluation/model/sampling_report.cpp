#include "difflm/evaluation/model/sampling_report.h"

#include "difflm/core/json.h"
#include "difflm/model/model_as.h"
#include "difflm/model/writer.h"

namespace difflm {

void ConfidenceCurve::observe(const SampleStep& step) {
  if (step.samples.front() != 0) return;
  double sum = 0;
  const auto texts = step.texts();
  for (const auto& text : texts) sum += text.confidence;
  u_.push_back(step.u);
  confidence_.push_back(sum / static_cast<double>(texts.size()));
}

Json ConfidenceCurve::to_json() const { return {{"u", u_}, {"confidence", confidence_}}; }

Json cost_report(const Run& run, int64_t evaluations, size_t count, double sampling_seconds) {
  const int64_t parameters = run.model->parameter_count();
  const int64_t tokens = run.progress.tokens;
  const bool word_by_word = model_as<Writer>(run.model, run.folder)->writes_word_by_word();
  Json cost = {{"parameters", parameters},
               {"training_seconds", run.progress.seconds},
               {"training_tokens", tokens},
               {"training_flops", 6.0 * static_cast<double>(parameters) * static_cast<double>(tokens)}};
  // A model that writes word by word computes one token at a time, which is another kind of cost.
  cost["network_evaluations"] = word_by_word ? Json(nullptr) : Json(static_cast<double>(evaluations) / static_cast<double>(count));
  cost["sampling_seconds"] = sampling_seconds;
  cost["samples_per_second"] = static_cast<double>(count) / sampling_seconds;
  return cost;
}

}  // namespace difflm
