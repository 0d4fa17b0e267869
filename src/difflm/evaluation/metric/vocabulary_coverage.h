// Share of the samples' words that are words of the training text.
//
// Definition: words (repeats counted) that occur in training text / words. Unit: share, in [0, 1].
// Best: the value of held-out text, which has its own names and rare words; a word-level model cannot miss, a character model can
// spell what no language has. Traps: blind to order and to how often a word occurs (nonsense wins): all nonsense of known words has
// 1.
#pragma once

#include <unordered_set>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class VocabularyCoverage : public Metric {
 public:
  using Options = NoOptions;
  explicit VocabularyCoverage(const Options&) {}

  std::string name() const override { return "vocabulary_coverage"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }
  Needs needs() const override { return {.training = true}; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    std::unordered_set<uint64_t> known;
    for (const auto& words : input.training.words) for_each_ngram(words, 1, [&](uint64_t hash) { known.insert(hash); });
    std::vector<double> found;
    std::vector<double> all;
    for (const auto& words : input.samples.words) {
      double count = 0;
      for_each_ngram(words, 1, [&](uint64_t hash) { count += known.contains(hash) ? 1 : 0; });
      found.push_back(count);
      all.push_back(static_cast<double>(words.size()));
    }
    return bootstrap_ratio(found, all, input.bootstrap(), {0, 1});
  }
};

}  // namespace difflm
