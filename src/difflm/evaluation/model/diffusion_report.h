// What an evaluation reports about a diffusion model: {"rounding_curve", "embedding_map", "likelihood"}, the last a bound.
#pragma once

#include "difflm/core/json_fwd.h"
#include "difflm/evaluation/model/model_report.h"

namespace difflm {

class DiffusionReport : public ModelReport {
 public:
  using Options = NoOptions;
  explicit DiffusionReport(const Options&) {}

  Json measure(const ReportSource& source) override;
};

}  // namespace difflm
