// Share of the samples that the grammar of the builtin corpus could have written.
//
// Definition: texts whose words the grammar's parser accepts / texts. It is exact, so it needs no judge. Unit: share, in [0, 1].
// Best: higher; held-out text of the builtin corpus has 1, and no other text has a meaningful value. Traps: copies and one safe
// sentence over and over are grammatical too (repetition wins), hence the guards.
#pragma once

#include "difflm/evaluation/metric.h"
#include "difflm/grammar/builtin_grammar.h"

namespace difflm {

class Grammatical : public Metric {
 public:
  using Options = NoOptions;
  explicit Grammatical(const Options&) {}

  std::string name() const override { return "grammatical"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::higher; }
  Needs needs() const override { return {.builtin_corpus = true}; }
  std::vector<std::string> guards() const override { return {"unigram_entropy", "distinct-2"}; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const Grammar& grammar = builtin_grammar();
    std::vector<double> accepted;
    for (const auto& words : input.samples.words) accepted.push_back(grammar.accepts(words) ? 1 : 0);
    return bootstrap_ratio(accepted, std::vector<double>(accepted.size(), 1), input.bootstrap(), {0, 1});
  }
};

}  // namespace difflm
