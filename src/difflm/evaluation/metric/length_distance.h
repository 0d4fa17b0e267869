// Distance between the lengths of the samples and those of held-out text.
//
// Definition: the Wasserstein-1 distance of the two distributions of words per text, the sum over k of |F(k) - G(k)| with F and G
// the shares of texts of at most k words. Unit: words; moving every length by one gives 1.
// Best: lower; the floor is the value of the held-out control.
// Traps: a length drawn from the data by the packing makes it zero without any merit of the model; a mismatch makes
// distribution distances such as MAUVE collapse (length mismatch) and entropies incomparable (depends on length).
#pragma once

#include <algorithm>
#include <cmath>

#include "difflm/evaluation/metric.h"

namespace difflm {

class LengthDistance : public Metric {
 public:
  using Options = NoOptions;
  explicit LengthDistance(const Options&) {}

  std::string name() const override { return "length_distance"; }
  std::string unit() const override { return "words"; }
  Direction direction() const override { return Direction::lower; }
  Needs needs() const override { return {.reference = true}; }

 protected:
  // The held-out texts stay fixed in the bootstrap: the interval is that of the samples.
  MetricValue measure(const MetricInput& input) const override {
    size_t longest = 0;
    for (const auto* set : {&input.samples, &input.reference}) {
      for (const auto& words : set->words) longest = std::max(longest, words.size());
    }
    std::vector<int64_t> reference(longest + 1, 0);
    for (const auto& words : input.reference.words) ++reference[words.size()];

    std::vector<int64_t> samples;
    const auto distance = [&](std::span<const int32_t> weights) {
      samples.assign(longest + 1, 0);
      for (size_t i = 0; i < weights.size(); ++i) samples[input.samples.words[i].size()] += weights[i];
      int64_t below = 0;
      int64_t reference_below = 0;
      double sum = 0;
      for (size_t k = 0; k <= longest; ++k) {
        below += samples[k];
        reference_below += reference[k];
        sum += std::abs(static_cast<double>(below) / static_cast<double>(input.samples.size()) -
                        static_cast<double>(reference_below) / static_cast<double>(input.reference.size()));
      }
      return sum;
    };
    return bootstrap(input.samples.size(), distance, input.bootstrap(), {0});
  }
};

}  // namespace difflm
