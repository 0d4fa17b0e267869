// Mean length of the samples.
//
// Definition: words / texts, empty texts included. Unit: words.
// Best: the value of held-out text.
// Traps: length mismatch; nearly every other metric depends on length, so a difference here puts those in doubt; equal means can
// hide different lengths: see length_distance.
#pragma once

#include "difflm/evaluation/metric.h"

namespace difflm {

class Length : public Metric {
 public:
  using Options = NoOptions;
  explicit Length(const Options&) {}

  std::string name() const override { return "length"; }
  std::string unit() const override { return "words"; }
  Direction direction() const override { return Direction::reference; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    std::vector<double> lengths;
    for (const auto& words : input.samples.words) lengths.push_back(static_cast<double>(words.size()));
    return bootstrap_ratio(lengths, std::vector<double>(lengths.size(), 1), input.bootstrap(), {0});
  }
};

}  // namespace difflm
