// How much of the samples is copied from the training text.
//
// Definition: the share of a text's n-grams that occur in training text, the mean over texts of at least n words; n is 4 by default
// (as in the 4-gram overlap of Lovelace et al. 2023, arXiv 2212.09462). Unit: share, in [0, 1].
// Best: the value of held-out text, which is the guard: common phrases occur in both, so only a share above it is memorised text.
// Below it the text has phrases that the data lacks: noise.
// Traps: it grows with the training set, so compare runs on the same one (unequal data).
#pragma once

#include <fmt/format.h>

#include <unordered_set>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class CopiedNgram : public Metric {
 public:
  struct Options {
    int64_t n = 4;
    void describe(OptionVisitor& visitor) { visitor.field("n", n, "words of an n-gram", {1, 64}); }
  };
  explicit CopiedNgram(const Options& options) : n_(static_cast<size_t>(options.n)) {}

  std::string name() const override { return "copied_ngram"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }
  std::string undefined() const override { return fmt::format("no text has {} words", n_); }
  Needs needs() const override { return {.training = true}; }

 protected:
  // The samples' n-grams are kept and the training text is streamed past them: the samples are the smaller side.
  MetricValue measure(const MetricInput& input) const override {
    const auto ngrams = count_ngrams(input.samples.words, n_);
    const std::unordered_set<uint64_t> wanted(ngrams.hashes.begin(), ngrams.hashes.end());
    std::unordered_set<uint64_t> copied;
    for (const auto& words : input.training.words) {
      for_each_ngram(words, n_, [&](uint64_t hash) {
        if (wanted.contains(hash)) copied.insert(hash);
      });
    }
    std::vector<double> shares(ngrams.texts(), 0);
    std::vector<double> counted(ngrams.texts(), 0);
    for (size_t i = 0; i < ngrams.texts(); ++i) {
      if (ngrams.totals[i] == 0) continue;
      int64_t found = 0;
      for (const auto& [type, count] : ngrams.text(i)) found += copied.contains(ngrams.hashes[type]) ? count : 0;
      shares[i] = static_cast<double>(found) / static_cast<double>(ngrams.totals[i]);
      counted[i] = 1;
    }
    return bootstrap_ratio(shares, counted, input.bootstrap(), {0, 1});
  }

 private:
  size_t n_;
};

}  // namespace difflm
