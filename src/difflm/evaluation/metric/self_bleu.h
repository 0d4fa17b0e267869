// How much the samples resemble one another (self-BLEU; Zhu et al. 2018, arXiv 1802.01886).
//
// Definition: BLEU-4 (Papineni et al. 2002) of each text with all the others as its references, the mean over texts: the geometric
// mean of the clipped precisions of 1- to 4-grams (no match counts as a tenth of one, Chen and Cherry 2014, method 1), times
// exp(1 - r / c) where the text is shorter (c) than the reference nearest to it in length (r). Unit: share, in [0, 1].
// Best: the value of held-out text of equal count; above it the samples repeat one another.
// Traps: grows with the count of texts (too few samples) and falls with their length (depends on length); texts of fewer than 4
// words have no 4-gram to match; nonsense has a low value (nonsense wins).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class SelfBleu : public Metric {
 public:
  using Options = NoOptions;
  explicit SelfBleu(const Options&) {}

  std::string name() const override { return "self_bleu"; }
  std::string unit() const override { return "share"; }
  Direction direction() const override { return Direction::reference; }
  std::string undefined() const override { return "there are no two texts with words"; }

 protected:
  MetricValue measure(const MetricInput& input) const override {
    const auto& texts = input.samples.words;
    std::vector<double> log_precisions(texts.size(), 0);
    for (size_t n = 1; n <= kLongest; ++n) add_log_precisions(count_ngrams(texts, n), log_precisions);
    std::map<size_t, size_t> lengths;
    for (const auto& words : texts) ++lengths[words.size()];
    std::vector<double> scores(texts.size(), 0);
    std::vector<double> counted(texts.size(), 0);
    for (size_t i = 0; i < texts.size(); ++i) {
      if (texts.size() < 2 || texts[i].empty()) continue;  // nothing to compare, or nothing to say
      counted[i] = 1;
      const auto length = static_cast<double>(texts[i].size());
      const double nearest = nearest_length(lengths, texts[i].size());
      scores[i] = std::exp(log_precisions[i] / kLongest + std::min(0.0, 1 - nearest / length));
    }
    return bootstrap_ratio(scores, counted, input.bootstrap(), {0, 1});
  }

 private:
  static constexpr size_t kLongest = 4;
  static constexpr double kNoMatch = 0.1;

  // The highest count of an n-gram in any text except `own` is the highest of all, unless `own` has that: then the second highest.
  struct Most {
    int32_t first = 0;
    int32_t second = 0;
    size_t text = 0;  // the one with the highest
  };

  static void add_log_precisions(const NgramCounts& ngrams, std::vector<double>& sums) {
    std::vector<Most> most(ngrams.types());
    for (size_t i = 0; i < ngrams.texts(); ++i) {
      for (const auto& [type, count] : ngrams.text(i)) {
        Most& known = most[static_cast<size_t>(type)];
        if (count > known.first) {
          known = {count, known.first, i};
        } else {
          known.second = std::max(known.second, count);
        }
      }
    }
    for (size_t i = 0; i < ngrams.texts(); ++i) {
      double matches = 0;
      for (const auto& [type, count] : ngrams.text(i)) {
        const Most& known = most[static_cast<size_t>(type)];
        matches += std::min(count, known.text == i ? known.second : known.first);
      }
      const double total = std::max(1.0, static_cast<double>(ngrams.totals[i]));
      sums[i] += std::log((matches > 0 ? matches : kNoMatch) / total);
    }
  }

  // Of the other texts; the shorter of two equally near.
  static double nearest_length(const std::map<size_t, size_t>& lengths, size_t own) {
    const auto here = lengths.find(own);
    if (here->second > 1) return static_cast<double>(own);
    const auto above = std::next(here);
    if (here == lengths.begin()) return static_cast<double>(above->first);
    const auto below = std::prev(here);
    if (above == lengths.end() || own - below->first <= above->first - own) return static_cast<double>(below->first);
    return static_cast<double>(above->first);
  }
};

}  // namespace difflm
