// What an evaluation reports about an autoregressive model: its exact likelihood.
#pragma once

#include <numbers>

#include "difflm/core/json_fwd.h"
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/evaluation/model/model_report.h"

namespace difflm {

class AutoregressiveReport : public ModelReport {
 public:
  using Options = NoOptions;
  explicit AutoregressiveReport(const Options&) {}

  Json measure(const ReportSource& source) override {
    const auto [nats, tokens] = exact_nats(source.model<AutoregressiveModel>(), source.run.packing->frame(), source.held_out);
    return {{"likelihood",
             {{"kind", "exact"},
              {"nats_per_token", nats},
              {"bits_per_character", nats / std::numbers::ln2 / source.letters},
              {"tokens", tokens}}}};
  }
};

}  // namespace difflm
