// What an evaluation reports about a run's model itself, besides its texts: how probable it finds held-out text, and what only its
// kind can show. A family with one entry per kind that writes.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/json_fwd.h"
#include "difflm/data/batches.h"
#include "difflm/data/prepared.h"
#include "difflm/evaluation/model/text_bytes.h"
#include "difflm/model/model_as.h"
#include "difflm/model/run_folder.h"
#include "difflm/sampling/generate.h"

namespace difflm {

// The data on which a report measures the model of a run.
struct ReportSource {
  Run& run;
  const PreparedData& data;
  uint64_t seed = 1;
  std::vector<Batch> held_out;
  TextBytes bytes = {};  // of the texts of `held_out`

  template <class Wanted>
  Wanted& model() const {
    return *model_as<Wanted>(run.model, run.folder);
  }
};

class ModelReport {
 public:
  virtual ~ModelReport() = default;

  // {"likelihood": {"kind", "nats_per_token", "bits_per_byte", "bits_per_character", "tokens", ...}, ...}. The likelihood is
  // "exact" or a "bound". bits_per_byte counts the bytes of UTF-8 of the texts as they are in the corpus; where the tokens do not
  // say these exactly it is null, and "bits_per_byte_left_out" says why. bits_per_character counts the bytes of what the tokens
  // decode to.
  virtual Json measure(const ReportSource& source) = 0;
};

// {"bits_per_byte", "bits_per_character", "bytes"} of texts that cost `nats` altogether.
Json likelihood_per_byte(double nats, const TextBytes& bytes);

using ModelReportFamily = Family<ModelReport>;
const ModelReportFamily& model_reports();

// The report of the run's model on 256 held-out sequences. Throws a usage error for a model that writes no texts.
Json model_report(Run& run, const PreparedData& data, uint64_t seed);

// The likelihood of a model report in a sentence; empty where there is none.
std::string likelihood_note(const Json& report);

}  // namespace difflm
