// How fast the frequencies of words fall with their rank (Zipf 1949; for generated text Holtzman et al. 2020, arXiv 1904.09751).
//
// Definition: minus the slope of the least-squares line through log count against log rank, over the ranks 1, 2, 4, 8, ..., so
// that the thousands of rare words do not outweigh the frequent ones. Unit: none; natural text is near 1.
// Best: the value of held-out text. Below: too even; above: a few words take nearly all.
// Traps: depends on the size of the set (too few samples; depends on length) and on nothing but frequencies: shuffled text has the
// value of its source (nonsense wins). Undefined for a single word.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class ZipfExponent : public Metric {
 public:
  using Options = NoOptions;
  explicit ZipfExponent(const Options&) {}

  std::string name() const override { return "zipf_exponent"; }
  std::string unit() const override { return "none"; }
  Direction direction() const override { return Direction::reference; }
  std::string undefined() const override { return "there are fewer than two different words"; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const auto words = count_ngrams(input.samples.words, 1);
    std::vector<int64_t> counts;
    const auto exponent = [&](std::span<const int32_t> weights) {
      words.weigh(weights, counts);
      std::sort(counts.begin(), counts.end(), std::greater<>());
      double points = 0;
      double x = 0;
      double y = 0;
      double xx = 0;
      double xy = 0;
      for (size_t rank = 1; rank <= counts.size() && counts[rank - 1] > 0; rank *= 2) {
        const double log_rank = std::log(static_cast<double>(rank));
        const double log_count = std::log(static_cast<double>(counts[rank - 1]));
        points += 1;
        x += log_rank;
        y += log_count;
        xx += log_rank * log_rank;
        xy += log_rank * log_count;
      }
      if (points < 2) return std::numeric_limits<double>::quiet_NaN();
      return (x * y - points * xy) / (points * xx - x * x);
    };
    return bootstrap(input.samples.size(), exponent, input.bootstrap());
  }
};

}  // namespace difflm
