// How many different words a small set uses.
//
// Definition: distinct words in the first 128 texts, or in all where there are fewer. Unit: words.
// A fixed number of texts makes runs comparable however many were sampled, and a collapse is plain to see: a dozen instead of
// hundreds. Best: the value of held-out text.
// Traps: it grows with the length of the texts (depends on length), and sets of fewer than 128 texts cannot be compared with larger
// ones (too few samples).
#pragma once

#include <algorithm>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class DistinctWords : public Metric {
 public:
  static constexpr size_t kTexts = 128;

  using Options = NoOptions;
  explicit DistinctWords(const Options&) {}

  std::string name() const override { return "distinct_words"; }
  std::string unit() const override { return "words"; }
  Direction direction() const override { return Direction::reference; }

 protected:
  // The interval is that of the linear form, for the reason given in distinct_n.h.
  MetricValue measure(const MetricInput& input) const override {
    const size_t texts = std::min(kTexts, input.samples.size());
    const auto words = count_ngrams(std::span(input.samples.words).first(texts), 1);
    const auto own = words.own_types();
    const auto distinct = [&](std::span<const int32_t> weights) {
      auto count = static_cast<int64_t>(words.types());
      for (size_t i = 0; i < texts; ++i) count += (weights[i] - 1) * own[i];
      return static_cast<double>(count);
    };
    return bootstrap(texts, distinct, input.bootstrap(), {0});
  }
};

}  // namespace difflm
