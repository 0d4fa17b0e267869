// Entropy of the word frequencies of all samples together.
//
// Definition: -sum p log p over words, p = count / total over the whole set (the plug-in estimate). Unit: nats. Note that the
// diffusion papers average the entropy of each single text instead; that does not reveal a thousand equal samples.
// Best: the value of held-out text of equal count and length. Collapse is far below it, noise above.
// Traps: the estimate grows with the number of words, so compare equal counts and lengths (depends on length); a circle of 64
// frequent words has a healthy ln 64 = 4.16 (nonsense wins).
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class UnigramEntropy : public Metric {
 public:
  using Options = NoOptions;
  explicit UnigramEntropy(const Options&) {}

  std::string name() const override { return "unigram_entropy"; }
  std::string unit() const override { return "nats"; }
  Direction direction() const override { return Direction::reference; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const auto words = count_ngrams(input.samples.words, 1);
    std::vector<int64_t> counts;
    const auto entropy = [&](std::span<const int32_t> weights) {
      const auto total = static_cast<double>(words.weigh(weights, counts));
      if (total == 0) return std::numeric_limits<double>::quiet_NaN();
      double sum = 0;
      for (const int64_t count : counts) {
        if (count > 0) sum += static_cast<double>(count) * std::log(static_cast<double>(count));
      }
      return std::max(0.0, std::log(total) - sum / total);
    };
    return bootstrap(input.samples.size(), entropy, input.bootstrap(),
                     {0, std::log(std::max<double>(1, static_cast<double>(words.types())))});
  }
};

}  // namespace difflm
