// What an evaluation reports about an autoregressive model: its exact likelihood.
#pragma once

#include "difflm/core/json.h"
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/evaluation/model/model_report.h"

namespace difflm {

class AutoregressiveReport : public ModelReport {
 public:
  using Options = NoOptions;
  explicit AutoregressiveReport(const Options&) {}

  Json measure(const ReportSource& source) override {
    const auto [nats, tokens] = exact_nats(source.model<AutoregressiveModel>(), source.run.packing->frame(), source.held_out);
    Json likelihood = likelihood_per_byte(nats * static_cast<double>(tokens), source.bytes);
    likelihood["kind"] = "exact";
    likelihood["nats_per_token"] = nats;
    likelihood["tokens"] = tokens;
    return {{"likelihood", likelihood}};
  }
};

}  // namespace difflm
