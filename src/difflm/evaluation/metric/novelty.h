// Share of the samples that are not a copy of a training text.
//
// Definition: texts whose sequence of words (so white space is ignored, case is kept) equals that of no training text / texts.
// Unit: share, in [0, 1]. Best: higher, up to the value of held-out text, which is below 1 where a corpus repeats itself. Traps:
// one changed word makes a copy novel: see copied_ngram; short texts are found in the training set by chance (memorised text).
#pragma once

#include <unordered_set>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class Novelty : public Metric {
 public:
  using Options = NoOptions;
  explicit Novelty(const Options&) {}

  std::string name() const override { return "novelty"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::higher; }
  Needs needs() const override { return {.training = true}; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    std::unordered_set<uint64_t> known;
    for (const auto& words : input.training.words) known.insert(whole_text(words));
    std::vector<double> novel;
    for (const auto& words : input.samples.words) novel.push_back(known.contains(whole_text(words)) ? 0 : 1);
    return bootstrap_ratio(novel, std::vector<double>(novel.size(), 1), input.bootstrap(), {0, 1});
  }

 private:
  // A text is its own longest n-gram; a text of no words has a hash too.
  static uint64_t whole_text(const Words& words) {
    uint64_t result = 0;
    if (!words.empty()) for_each_ngram(words, words.size(), [&](uint64_t hash) { result = hash; });
    return result;
  }
};

}  // namespace difflm
