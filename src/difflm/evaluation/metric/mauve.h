// MAUVE: how far the samples are from held-out text as distributions of points in a judge's feature space.
//
// Definition (Pillutla et al. 2021, arXiv 2102.01454): the points of both sides are put into k clusters together; P and Q are the
// shares of the clusters. The curve {(exp(-c KL(Q|R)), exp(-c KL(P|R))) : R = w P + (1 - w) Q} from (0, 1) to (1, 0), c = 5, has an
// area under it: 1 for equal shares, 0 for no cluster in common. Points: the judge's hidden state at the end of a text, scaled to
// length 1. k = a tenth of the points of a side; shares are smoothed by half a count; equally many texts of both sides (the first
// ones). Unit: none. Best: higher, up to the value of the held-out control, which is below 1 at any finite count. Traps: falls with
// the count (too few samples), so compare equal counts and trust none below a few hundred texts; depends on the judge (which
// prefers its like) and on the clusters; the interval keeps the clusters and resamples the texts, so it is too narrow by the spread
// over clusterings.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "difflm/evaluation/metric.h"

namespace difflm {

// The area for two sets of shares, each summing to 1.
double mauve_of_shares(std::span<const double> p, std::span<const double> q);

// Lloyd's k-means from k-means++ seeds: the cluster of each point, 0 .. clusters-1. Points of equal width, at least as many as
// clusters.
std::vector<int64_t> k_means(const std::vector<std::vector<float>>& points, int64_t clusters, uint64_t seed);

class Mauve : public Metric {
 public:
  static constexpr size_t kFewest = 20;  // texts of a side: two clusters

  using Options = NoOptions;
  explicit Mauve(const Options&) {}

  std::string name() const override { return "mauve"; }
  std::string unit() const override { return "none"; }
  Direction direction() const override { return Direction::higher; }
  Needs needs() const override { return {.judge = true, .reference = true, .texts = kFewest}; }
  bool tells_nonsense() const override { return true; }
  std::string undefined() const override { return "the judge has no points for texts"; }

 protected:
  // NaN for a judge without features and for fewer than 20 texts on either side.
  MetricValue measure(const MetricInput& input) const override;
};

}  // namespace difflm
