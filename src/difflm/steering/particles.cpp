#include "difflm/steering/particles.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace difflm {

std::vector<int64_t> systematic_resampling(const std::vector<double>& weights, double u) {
  const size_t count = weights.size();
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<size_t> places(count, 0);  // of each
  double below = 0;
  size_t next = 0;
  for (size_t i = 0; i < count; ++i) {
    below += weights[i] / sum * static_cast<double>(count);
    const bool last = i + 1 == count;
    for (; next < count && (last || static_cast<double>(next) + u < below); ++next) ++places[i];
  }
  std::vector<int64_t> from(count, -1);
  for (size_t i = 0; i < count; ++i) {
    if (places[i] == 0) continue;
    from[i] = static_cast<int64_t>(i);
    --places[i];
  }
  size_t giver = 0;
  for (auto& place : from) {
    if (place >= 0) continue;
    while (places[giver] == 0) ++giver;
    place = static_cast<int64_t>(giver);
    --places[giver];
  }
  return from;
}

std::vector<int64_t> Particles::resample(const std::vector<int64_t>& samples, const std::vector<double>& potentials) {
  std::vector<int64_t> rows(samples.size());
  std::iota(rows.begin(), rows.end(), int64_t{0});
  for (size_t first = 0; first < samples.size();) {
    const int64_t text = text_of(samples[first]);
    size_t end = first;
    while (end < samples.size() && text_of(samples[end]) == text) ++end;
    const size_t count = end - first;
    Text& state = texts_.try_emplace(text, Text{RandomStream(seed_, "particles", static_cast<uint64_t>(text)), {}}).first->second;
    state.before.resize(count, 0);
    std::vector<double> weights;
    for (size_t i = 0; i < count; ++i) weights.push_back(potentials[first + i] - state.before[i]);
    const double most = *std::max_element(weights.begin(), weights.end());
    double sum = 0;
    double squares = 0;
    for (double& weight : weights) {
      weight = std::exp(weight - most);
      sum += weight;
      squares += weight * weight;
    }
    if (sum * sum / squares <= static_cast<double>(count + 1) / 2) {
      const auto from = systematic_resampling(weights, state.random.uniform());
      for (size_t i = 0; i < count; ++i) {
        const auto giver = first + static_cast<size_t>(from[i]);
        rows[first + i] = static_cast<int64_t>(giver);
        state.before[i] = potentials[giver];
      }
    }
    first = end;
  }
  return rows;
}

}  // namespace difflm
