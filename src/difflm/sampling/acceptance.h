// What corrections of a finished text are accepted by (corrector.h): the programs that a steering asks, and an autoregressive model
// that takes the place of the model's own probability, sampling.judge.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "difflm/model/autoregressive_reader.h"
#include "difflm/sampling/draft.h"
#include "difflm/sampling/generate.h"
#include "difflm/sampling/steering.h"

namespace difflm {

class Acceptance {
 public:
  // For texts of `run`; `steering` is null for none. Throws a usage error where sampling.judge cannot accept corrections.
  Acceptance(const Run& run, const SamplingOptions& options, Steering* steering);

  // Whether there is anything to accept them by.
  bool weighs() const { return judge_ || is_rated_; }

  // The power of the model's own probability that the weights replace (Corrector::Batch).
  double replaced() const { return judge_ ? judge_share_ : 0; }

  // The log-weight of each text of `draft` if the present block is `text` [B,T]: [B].
  std::vector<double> weigh(const Draft& draft, const Rounding::Rounded& text) const;

 private:
  Steering* steering_;
  bool is_rated_;
  double judge_share_;
  std::optional<AutoregressiveReader> judge_;  // empty: not requested
};

}  // namespace difflm
