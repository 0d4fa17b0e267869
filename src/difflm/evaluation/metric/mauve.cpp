#include "difflm/evaluation/metric/mauve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "difflm/core/random.h"

namespace difflm {
namespace {

constexpr double kScale = 5;        // c
constexpr int kMixtures = 25;       // points of the curve between its ends
constexpr size_t kPerCluster = 10;  // texts of a side
constexpr int kRounds = 50;         // of Lloyd's iteration
constexpr double kSmoothing = 0.5;  // counts added to a cluster

double divergence(std::span<const double> p, std::span<const double> r) {
  double sum = 0;
  for (size_t i = 0; i < p.size(); ++i) sum += p[i] > 0 ? p[i] * std::log(p[i] / r[i]) : 0;
  return sum;
}

double squared_distance(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i] - b[i]) * static_cast<double>(a[i] - b[i]);
  return sum;
}

// Each next centre is a point drawn with a probability proportional to its squared distance from the nearest centre so far.
std::vector<std::vector<float>> first_centres(const std::vector<std::vector<float>>& points, int64_t clusters, uint64_t seed) {
  RandomStream random(seed, "k-means");
  std::vector<std::vector<float>> centres = {points[random.below(points.size())]};
  std::vector<double> nearest(points.size(), std::numeric_limits<double>::infinity());
  while (centres.size() < static_cast<size_t>(clusters)) {
    double total = 0;
    for (size_t i = 0; i < points.size(); ++i) {
      nearest[i] = std::min(nearest[i], squared_distance(points[i], centres.back()));
      total += nearest[i];
    }
    double rest = random.uniform() * total;
    size_t chosen = 0;
    while (chosen + 1 < points.size() && rest >= nearest[chosen]) rest -= nearest[chosen++];
    centres.push_back(points[chosen]);
  }
  return centres;
}

void scale_to_length_one(std::vector<std::vector<float>>& points) {
  for (auto& point : points) {
    const double length = std::sqrt(std::inner_product(point.begin(), point.end(), point.begin(), 0.0));
    for (float& value : point) value = static_cast<float>(value / std::max(length, 1e-12));
  }
}

// The clusters of the points in their own order, so that neither the order of the texts nor a seed moves the value.
std::vector<int64_t> cluster_whatever_the_order(const std::vector<std::vector<float>>& points, int64_t clusters) {
  std::vector<size_t> order(points.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return points[a] < points[b]; });
  std::vector<std::vector<float>> sorted;
  sorted.reserve(points.size());
  for (const size_t at : order) sorted.push_back(points[at]);
  const auto found = k_means(sorted, clusters, 0);
  std::vector<int64_t> cluster(points.size());
  for (size_t i = 0; i < order.size(); ++i) cluster[order[i]] = found[i];
  return cluster;
}

}  // namespace

double mauve_of_shares(std::span<const double> p, std::span<const double> q) {
  struct Point {
    double x;
    double y;
  };
  std::vector<Point> curve = {{0, 1}};
  std::vector<double> mixture(p.size());
  for (int k = 0; k < kMixtures; ++k) {
    const double w = 1e-6 + (1 - 2e-6) * k / (kMixtures - 1);
    for (size_t i = 0; i < p.size(); ++i) mixture[i] = w * p[i] + (1 - w) * q[i];
    curve.push_back({std::exp(-kScale * divergence(q, mixture)), std::exp(-kScale * divergence(p, mixture))});
  }
  curve.push_back({1, 0});
  // x falls with w and y rises: both are monotone, so sorting by x is the order of the curve.
  std::sort(curve.begin(), curve.end(), [](const Point& a, const Point& b) { return a.x != b.x ? a.x < b.x : a.y > b.y; });
  double area = 0;
  for (size_t i = 1; i < curve.size(); ++i) area += (curve[i].x - curve[i - 1].x) * (curve[i].y + curve[i - 1].y) / 2;
  return area;
}

std::vector<int64_t> k_means(const std::vector<std::vector<float>>& points, int64_t clusters, uint64_t seed) {
  auto centres = first_centres(points, clusters, seed);
  std::vector<int64_t> cluster(points.size(), -1);
  for (int round = 0; round < kRounds; ++round) {
    bool changed = false;
    for (size_t i = 0; i < points.size(); ++i) {
      int64_t best = 0;
      double least = std::numeric_limits<double>::infinity();
      for (size_t k = 0; k < centres.size(); ++k) {
        const double distance = squared_distance(points[i], centres[k]);
        if (distance < least) {
          least = distance;
          best = static_cast<int64_t>(k);
        }
      }
      changed = changed || cluster[i] != best;
      cluster[i] = best;
    }
    if (!changed) break;
    std::vector<double> counts(centres.size(), 0);
    std::vector<std::vector<double>> sums(centres.size(), std::vector<double>(points.front().size(), 0));
    for (size_t i = 0; i < points.size(); ++i) {
      const auto k = static_cast<size_t>(cluster[i]);
      ++counts[k];
      for (size_t d = 0; d < points[i].size(); ++d) sums[k][d] += points[i][d];
    }
    for (size_t k = 0; k < centres.size(); ++k) {
      if (counts[k] == 0) continue;  // keeps its place
      for (size_t d = 0; d < sums[k].size(); ++d) centres[k][d] = static_cast<float>(sums[k][d] / counts[k]);
    }
  }
  return cluster;
}

MetricValue Mauve::measure(const MetricInput& input) const {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const size_t count = std::min(input.samples.size(), input.reference.size());
  const auto first = [&](const TextSet& set) {
    return std::vector<std::string>(set.texts.begin(), set.texts.begin() + static_cast<std::ptrdiff_t>(count));
  };
  if (count < kFewest) return {kNone, kNone, kNone, kNone};
  auto points = input.judge->features(first(input.samples));
  if (points.empty()) return {kNone, kNone, kNone, kNone};
  for (auto& point : input.judge->features(first(input.reference))) points.push_back(std::move(point));
  scale_to_length_one(points);

  const size_t clusters = std::max<size_t>(2, count / kPerCluster);
  const auto cluster = cluster_whatever_the_order(points, static_cast<int64_t>(clusters));
  const double total = static_cast<double>(count) + kSmoothing * static_cast<double>(clusters);
  std::vector<double> reference(clusters, kSmoothing / total);
  for (size_t i = count; i < points.size(); ++i) reference[static_cast<size_t>(cluster[i])] += 1 / total;
  std::vector<double> shares;
  const auto area = [&](std::span<const int32_t> weights) {
    shares.assign(clusters, kSmoothing / total);
    for (size_t i = 0; i < count; ++i) shares[static_cast<size_t>(cluster[i])] += weights[i] / total;
    return mauve_of_shares(shares, reference);
  };
  return bootstrap(count, area, input.bootstrap(), {0, 1});
}

}  // namespace difflm
