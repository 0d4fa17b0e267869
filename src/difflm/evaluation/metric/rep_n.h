// Repetition within a text (rep-n; Welleck et al. 2020, arXiv 1908.04319).
//
// Definition: 1 - distinct n-grams / n-grams of a text, the mean over texts of at least n words; n is 4 by default. Unit: share,
// in [0, 1]. Best: the value of held-out text, which is near 0 for short texts.
// Traps: it grows with the length of a text (depends on length); it sees loops inside a text only, not a thousand equal texts:
// distinct-n
// sees those (repetition wins). The guard of perplexity against "love love love".
#pragma once

#include <fmt/format.h>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class RepN : public Metric {
 public:
  struct Options {
    int64_t n = 4;
    void describe(OptionVisitor& visitor) { visitor.field("n", n, "words of an n-gram", {1, 64}); }
  };
  explicit RepN(const Options& options) : n_(static_cast<size_t>(options.n)) {}

  std::string name() const override { return "rep_n"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }
  std::string undefined() const override { return fmt::format("no text has {} words", n_); }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const auto ngrams = count_ngrams(input.samples.words, n_);
    std::vector<double> repeated(ngrams.texts(), 0);
    std::vector<double> counted(ngrams.texts(), 0);
    for (size_t i = 0; i < ngrams.texts(); ++i) {
      if (ngrams.totals[i] == 0) continue;
      repeated[i] = 1 - static_cast<double>(ngrams.text(i).size()) / static_cast<double>(ngrams.totals[i]);
      counted[i] = 1;
    }
    return bootstrap_ratio(repeated, counted, input.bootstrap(), {0, 1});
  }

 private:
  size_t n_;
};

}  // namespace difflm
