// What is evaluated: a run that has yet to write its samples, or given texts; and the texts they are compared with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "difflm/api/guarded.h"
#include "difflm/api/kept_samples.h"
#include "difflm/core/json.h"
#include "difflm/data/prepared.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/model/run_folder.h"

namespace difflm {

struct EvaluationSubject {
  EvaluationTexts texts;  // a run's samples come last
  size_t count = 0;       // of the samples
  Config config;
  std::vector<std::string> notes;  // about what was read, one sentence each
  std::optional<Run> run;          // none for given texts
  PreparedData data;               // of the run
  Json origin;
  Json model;                       // null: nothing is said of a model
  bool stopped = false;             // while samples were made
  std::optional<KeptSamples> kept;  // of the run
};

// Reads all there is to read, so that whatever is missing or damaged is found out before any work.
EvaluationSubject open_subject(const EvaluationRequest& request, Callbacks& callbacks);

// Where the subject is a run: describes its model, as far as the request asks for it, and samples the texts. Given texts are done
// at once.
void sample_subject(EvaluationSubject& subject, const EvaluationRequest& request, Callbacks& callbacks);

}  // namespace difflm
