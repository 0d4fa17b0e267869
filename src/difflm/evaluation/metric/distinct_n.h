// Distinct-n: how many of the n-grams are distinct (Li et al. 2016, arXiv 1510.03055).
//
// Definition: distinct n-grams / n-grams over the whole set of samples; n-grams stay within a text. Unit: share, in [0, 1].
// The corpus value, not the mean of per-text values: the two differ by a factor of two or more.
// Best: the value of held-out text of equal count; collapse is below it, noise above.
// Traps: it falls as the set grows, since new n-grams run out, so only sets of equal count and length can be compared (too few
// samples; depends on length).
#pragma once

#include <limits>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

// `n` is part of the variant's name, so it is not an option: distinct-2 means the same in every report.
class Distinct : public Metric {
 public:
  explicit Distinct(size_t n) : n_(n) {}

  std::string name() const override { return "distinct-" + std::to_string(n_); }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }
  std::string undefined() const override { return "no text has " + std::to_string(n_) + " words"; }

 protected:
  // A resample holds 63% of the texts, so it has far too few distinct n-grams. Instead, the count's linear form around the whole
  // set is resampled: what a text alone contributes, the n-grams in no other text (delete-one jackknife; its variance errs
  // on the safe side, Efron and Stein 1981).
  MetricValue measure(const MetricInput& input) const override {
    const auto ngrams = count_ngrams(input.samples.words, n_);
    const auto own = ngrams.own_types();
    double shared = static_cast<double>(ngrams.types());
    for (const int64_t count : own) shared -= static_cast<double>(count);
    const auto share = [&](std::span<const int32_t> weights) {
      double distinct = shared;
      double total = 0;
      for (size_t i = 0; i < weights.size(); ++i) {
        distinct += static_cast<double>(weights[i] * own[i]);
        total += static_cast<double>(weights[i] * ngrams.totals[i]);
      }
      return total > 0 ? distinct / total : std::numeric_limits<double>::quiet_NaN();
    };
    return bootstrap(input.samples.size(), share, input.bootstrap(), {0, 1});
  }

 private:
  size_t n_;
};

template <size_t kN>
class DistinctN : public Distinct {
 public:
  using Options = NoOptions;
  explicit DistinctN(const Options&) : Distinct(kN) {}
};

}  // namespace difflm
