// Distance between the samples and held-out text as distributions, without any language model.
//
// Definition: the energy distance (Szekely and Rizzo 2013) 2 E|X - Y| - E|X - X'| - E|Y - Y'| of texts as points: a text is the
// vector of its counts of words and word pairs, scaled to length 1. Zero only for equal sets of points; at most 2 sqrt(2). The
// first 1,000 texts of either side are taken. Unit: none. Best: lower; the floor is the value of the held-out control, which is
// above zero at any finite count. Traps: falls with the count (too few samples); sees pairs of words and no more, so order beyond
// neighbours is lost on it, and copied training text is near the floor (memorised text).
#pragma once

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/ngrams.h"

namespace difflm {

class EnergyDistance : public Metric {
 public:
  using Options = NoOptions;
  explicit EnergyDistance(const Options&) {}

  std::string name() const override { return "energy_distance"; }
  std::string unit() const override { return "none"; }
  Direction direction() const override { return Direction::lower; }
  Needs needs() const override { return {.reference = true}; }
  bool tells_nonsense() const override { return true; }

 protected:
  // The held-out texts stay fixed in the bootstrap: the interval is that of the samples.
  MetricValue measure(const MetricInput& input) const override {
    const auto samples = points(input.samples.words);
    const auto reference = points(input.reference.words);
    const size_t count = samples.size();
    std::vector<double> to_reference(count, 0);  // mean distance of a sample from held-out texts
    for (size_t i = 0; i < count; ++i) {
      for (const auto& other : reference) to_reference[i] += distance(samples[i], other) / static_cast<double>(reference.size());
    }
    double among_reference = 0;
    for (size_t i = 0; i < reference.size(); ++i) {
      for (size_t j = 0; j < i; ++j) among_reference += distance(reference[i], reference[j]);
    }
    among_reference *= 2 / (static_cast<double>(reference.size()) * static_cast<double>(reference.size()));
    std::vector<double> among(count * count, 0);
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = 0; j < i; ++j) among[i * count + j] = distance(samples[i], samples[j]);
    }
    const auto energy = [&](std::span<const int32_t> weights) {
      double total = 0;
      double across = 0;
      double within = 0;
      for (size_t i = 0; i < count; ++i) {
        if (weights[i] == 0) continue;
        total += weights[i];
        across += weights[i] * to_reference[i];
        double row = 0;
        for (size_t j = 0; j < i; ++j) row += weights[j] * among[i * count + j];
        within += 2 * weights[i] * row;
      }
      return std::max(0.0, 2 * across / total - within / (total * total) - among_reference);
    };
    return bootstrap(count, energy, input.bootstrap(), {0});
  }

 private:
  static constexpr size_t kMost = 1000;
  struct Feature {
    uint64_t ngram;
    double value;
  };
  using Point = std::vector<Feature>;  // in ascending order of n-gram

  static std::vector<Point> points(const std::vector<Words>& texts) {
    std::vector<Point> result;
    for (size_t i = 0; i < std::min(texts.size(), kMost); ++i) {
      std::unordered_map<uint64_t, double> counts;
      for (const size_t n : {1, 2}) for_each_ngram(texts[i], n, [&](uint64_t hash) { counts[hash] += 1; });
      Point point;
      double squares = 0;
      for (const auto& [hash, count] : counts) {
        point.push_back({hash, count});
        squares += count * count;
      }
      std::sort(point.begin(), point.end(), [](const Feature& a, const Feature& b) { return a.ngram < b.ngram; });
      for (auto& feature : point) feature.value /= std::sqrt(squares);
      result.push_back(std::move(point));
    }
    return result;
  }

  static double distance(const Point& a, const Point& b) {
    double product = 0;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      if (a[i].ngram == b[j].ngram)
        product += a[i++].value * b[j++].value;
      else if (a[i].ngram < b[j].ngram)
        ++i;
      else
        ++j;
    }
    const double lengths = (a.empty() ? 0.0 : 1.0) + (b.empty() ? 0.0 : 1.0);
    const double square = lengths - 2 * product;
    return square > 1e-12 ? std::sqrt(square) : 0;  // equal texts are at 0 whatever the rounding
  }
};

}  // namespace difflm
