#include "difflm/evaluation/bootstrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "difflm/core/error.h"
#include "difflm/core/random.h"

namespace difflm {
namespace {

// Linear interpolation between order statistics.
double quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], place - static_cast<double>(below));
}

}  // namespace

MetricValue bootstrap(size_t texts, const Statistic& statistic, BootstrapSettings settings, Limits limits) {
  if (texts == 0) throw usage_error("bootstrap", "no texts, expected at least one");
  if (settings.resamples < 1) {
    throw usage_error("evaluation.resamples", fmt::format("is {}, expected at least 1", settings.resamples));
  }
  std::vector<int32_t> weights(texts, 1);
  const double value = statistic(weights);
  if (!std::isfinite(value)) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {value, nan, nan, nan};
  }

  std::vector<double> values;
  values.reserve(static_cast<size_t>(settings.resamples));
  double sum = 0;
  for (int64_t i = 0; i < settings.resamples; ++i) {
    RandomStream random(settings.seed, "bootstrap", static_cast<uint64_t>(i));
    std::fill(weights.begin(), weights.end(), 0);
    for (size_t draw = 0; draw < texts; ++draw) ++weights[random.below(texts)];
    const double resampled = statistic(weights);
    // A resample can miss every text that has a word; then it carries no information about the value.
    if (!std::isfinite(resampled)) continue;
    values.push_back(resampled);
    sum += resampled;
  }
  if (values.empty()) return {value, value, value, 0};

  std::sort(values.begin(), values.end());
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double shift = value - mean;
  // The mean of very skewed values can lie outside their central 95%; the interval is then extended to the value.
  const double lower = std::min(value, quantile(values, 0.025) + shift);
  const double upper = std::max(value, quantile(values, 0.975) + shift);
  return {value, std::max(lower, limits.least), std::min(upper, limits.most),
          std::sqrt(squares / static_cast<double>(values.size()))};
}

MetricValue bootstrap_ratio(std::span<const double> numerators, std::span<const double> denominators, BootstrapSettings settings,
                            Limits limits) {
  const auto ratio = [&](std::span<const int32_t> weights) {
    double above = 0;
    double below = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
      above += weights[i] * numerators[i];
      below += weights[i] * denominators[i];
    }
    return below > 0 ? above / below : std::numeric_limits<double>::quiet_NaN();
  };
  return bootstrap(numerators.size(), ratio, settings, limits);
}

}  // namespace difflm
