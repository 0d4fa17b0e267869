// What an evaluation reports about a run's model itself, besides its texts: how probable it finds held-out text, and what only its
// kind can show. A family with one entry per kind that writes.
#pragma once

#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/json_fwd.h"
#include "difflm/data/batches.h"
#include "difflm/data/prepared.h"
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
  double letters = 1;  // of the text per held-out token

  template <class Wanted>
  Wanted& model() const {
    return *model_as<Wanted>(run.model, run.folder);
  }
};

class ModelReport {
 public:
  virtual ~ModelReport() = default;

  // {"likelihood": {"kind", "nats_per_token", "bits_per_character", "tokens", ...}, ...}. The likelihood is "exact" or a "bound";
  // characters are bytes of UTF-8.
  virtual Json measure(const ReportSource& source) = 0;
};

using ModelReportFamily = Family<ModelReport>;
const ModelReportFamily& model_reports();

// The report of the run's model on 256 held-out sequences. Throws a usage error for a model that writes no texts.
Json model_report(Run& run, const PreparedData& data, uint64_t seed);

}  // namespace difflm
