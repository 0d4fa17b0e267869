// The longest run of words that a text shares with training text.
//
// Definition: the length in words of the longest n-gram of a text that occurs within one training text; the mean over texts. Unit:
// words. Best: the value of held-out text, which shares phrases with the training text too; only what exceeds it is memorised text.
// Below it the text has phrases that the data lacks. Traps: grows with the training set and with the length of the texts (unequal
// data).
#pragma once

#include <algorithm>

#include "difflm/evaluation/metric.h"
#include "difflm/text/longest_match.h"

namespace difflm {

class LongestCopy : public Metric {
 public:
  using Options = NoOptions;
  explicit LongestCopy(const Options&) {}

  std::string name() const override { return "longest_copy"; }
  std::string unit() const override { return "words"; }
  Direction direction() const override { return Direction::reference; }
  Needs needs() const override { return {.training = true}; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const LongestMatch match(input.training.words);
    std::vector<double> longest;
    for (const auto& words : input.samples.words) {
      const auto runs = match.runs(words);
      longest.push_back(runs.empty() ? 0.0 : static_cast<double>(*std::max_element(runs.begin(), runs.end())));
    }
    return bootstrap_ratio(longest, std::vector<double>(longest.size(), 1), input.bootstrap(), {0});
  }
};

}  // namespace difflm
