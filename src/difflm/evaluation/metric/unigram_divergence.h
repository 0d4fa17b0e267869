// How far the word frequencies of the samples are from those of held-out text.
//
// Definition: KL(P || Q) = sum p log(p / q) over the words of both sets, P of the samples, Q of held-out text, both with one half
// added to every count (the estimator of Krichevsky and Trofimov 1981), so that it is finite and zero for equal counts. Unit: nats.
// Best: lower; the floor is the value of the held-out control, which is above zero since two samples of one source differ.
// Traps: few samples raise it, and the half counts weigh more the larger the vocabulary is, so compare equal counts; it is blind
// to order: words drawn at random from the training text have a low value (nonsense wins).
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class UnigramDivergence : public Metric {
 public:
  using Options = NoOptions;
  explicit UnigramDivergence(const Options&) {}

  std::string name() const override { return "unigram_divergence"; }
  std::string unit() const override { return "nats"; }
  Direction direction() const override { return Direction::lower; }
  Needs needs() const override { return {.reference = true}; }

 protected:
  // The held-out texts stay fixed in the bootstrap: the interval is that of the samples.
  MetricValue measure(const MetricInput& input) const override {
    constexpr double half = 0.5;
    const auto words = count_ngrams(input.samples.words, 1);
    const auto reference = count_ngrams(input.reference.words, 1);
    // No words at all would be a uniform distribution, by the half counts, and nearer to text than many a bad model.
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (words.types() == 0 && reference.types() > 0) return {kNone, kNone, kNone, kNone};
    std::vector<int64_t> held_out;
    const int64_t held_out_total = reference.weigh(std::vector<int32_t>(reference.texts(), 1), held_out);

    std::unordered_map<uint64_t, int64_t> held_out_counts;
    for (size_t type = 0; type < reference.types(); ++type) held_out_counts[reference.hashes[type]] = held_out[type];
    std::vector<double> sample_log_q;  // without the total of Q, which comes in at the end
    for (const uint64_t hash : words.hashes) {
      const auto found = held_out_counts.find(hash);
      sample_log_q.push_back(std::log(half + (found == held_out_counts.end() ? 0.0 : static_cast<double>(found->second))));
      if (found != held_out_counts.end()) held_out_counts.erase(found);
    }
    // What is left never occurs in a resample: p is the same for all of it.
    double unseen_log_q = 0;
    for (const auto& [hash, count] : held_out_counts) unseen_log_q += std::log(half + static_cast<double>(count));
    const auto unseen = static_cast<double>(held_out_counts.size());
    const double vocabulary = static_cast<double>(words.types()) + unseen;
    const double log_q_total = std::log(static_cast<double>(held_out_total) + half * vocabulary);

    std::vector<int64_t> counts;
    const auto divergence = [&](std::span<const int32_t> weights) {
      const double total = static_cast<double>(words.weigh(weights, counts)) + half * vocabulary;
      double sum = half * (unseen * std::log(half) - unseen_log_q);
      for (size_t type = 0; type < counts.size(); ++type) {
        const double count = static_cast<double>(counts[type]) + half;
        sum += count * (std::log(count) - sample_log_q[type]);
      }
      // Rounding can take equal counts a hair below zero. With no word on either side the sum is 0 / 0.
      return vocabulary > 0 ? std::max(0.0, sum / total - std::log(total) + log_q_total) : 0.0;
    };
    return bootstrap(input.samples.size(), divergence, input.bootstrap(), {0});
  }
};

}  // namespace difflm
