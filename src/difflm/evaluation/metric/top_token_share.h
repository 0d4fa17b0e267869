// Share of the most frequent word.
//
// Definition: count of the most frequent word / number of words, over the whole set. Unit: share of words, in [0, 1].
// Source: the plainest sign of the collapse of a diffusion model to punctuation or a few frequent words.
// Best: the value of held-out text (6.5% in the E2E references); a collapsed model has several times that.
// Traps: a model can collapse to a dozen words with each below the share of "the": read it with the entropy (repetition wins).
#pragma once

#include <algorithm>
#include <limits>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class TopTokenShare : public Metric {
 public:
  using Options = NoOptions;
  explicit TopTokenShare(const Options&) {}

  std::string name() const override { return "top_token_share"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const auto words = count_ngrams(input.samples.words, 1);
    std::vector<int64_t> counts;
    const auto share = [&](std::span<const int32_t> weights) {
      const int64_t total = words.weigh(weights, counts);
      if (total == 0) return std::numeric_limits<double>::quiet_NaN();
      return static_cast<double>(*std::max_element(counts.begin(), counts.end())) / static_cast<double>(total);
    };
    return bootstrap(input.samples.size(), share, input.bootstrap(), {0, 1});
  }
};

}  // namespace difflm
