// Share of the samples' words that are words of the language, not invented ones.
//
// Definition: words that occur in training or held-out text or in the list `evaluation.words` / words; numbers, punctuation and
// case do not count (known_words.h). real_words counts repeats, real_word_types each distinct word of the set once. Unit: share, in
// [0, 1]. Best: the value of held-out text, which has its own names and rare words; below it words are invented, as models of
// characters and of pieces of words do.
// Traps: blind to order and frequency (nonsense wins); real_word_types falls with the size of the set (too few samples); says
// nothing where a character counts as a word.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "difflm/evaluation/metric.h"

namespace difflm {

// The known words of `input`, or those of its texts.
class KnownOrOwn {
 public:
  explicit KnownOrOwn(const MetricInput& input) : known_(input.known_words) {
    if (known_ != nullptr) return;
    own_.add(input.training);
    own_.add(input.reference);
    known_ = &own_;
  }
  KnownOrOwn(const KnownOrOwn&) = delete;
  KnownOrOwn& operator=(const KnownOrOwn&) = delete;
  bool contains(const std::string& word) const { return known_->contains(word); }

 private:
  KnownWords own_;
  const KnownWords* known_;
};

class RealWords : public Metric {
 public:
  using Options = NoOptions;
  explicit RealWords(const Options&) {}

  std::string name() const override { return "real_words"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }
  Needs needs() const override { return {.reference = true}; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const KnownOrOwn known(input);
    std::vector<double> real(input.samples.size(), 0);
    std::vector<double> judged(input.samples.size(), 0);
    for (size_t i = 0; i < input.samples.size(); ++i) {
      for (const auto& word : input.samples.words[i]) {
        if (!KnownWords::is_judged(word)) continue;
        judged[i] += 1;
        real[i] += known.contains(word) ? 1 : 0;
      }
    }
    return bootstrap_ratio(real, judged, input.bootstrap(), {0, 1});
  }
};

class RealWordTypes : public Metric {
 public:
  using Options = NoOptions;
  explicit RealWordTypes(const Options&) {}

  std::string name() const override { return "real_word_types"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }
  Needs needs() const override { return {.reference = true}; }
  std::vector<std::string> guards() const override { return {"real_words"}; }

 protected:
  // A word counts for the first text that has it, so that the value is a ratio of sums over texts.
  MetricValue measure(const MetricInput& input) const override {
    const KnownOrOwn known(input);
    std::unordered_set<std::string> seen;
    std::vector<double> real(input.samples.size(), 0);
    std::vector<double> judged(input.samples.size(), 0);
    for (size_t i = 0; i < input.samples.size(); ++i) {
      for (const auto& word : input.samples.words[i]) {
        if (!KnownWords::is_judged(word) || !seen.insert(word).second) continue;
        judged[i] += 1;
        real[i] += known.contains(word) ? 1 : 0;
      }
    }
    return bootstrap_ratio(real, judged, input.bootstrap(), {0, 1});
  }
};

}  // namespace difflm
