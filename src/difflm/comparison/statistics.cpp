#include "difflm/comparison/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "difflm/core/error.h"

namespace difflm {

double student_within(double t, int64_t freedom) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(freedom)));
  const double square = std::cos(angle) * std::cos(angle);
  const bool odd = freedom % 2 == 1;
  double term = odd ? std::cos(angle) : 1;
  double sum = freedom == 1 ? 0 : term;
  for (int64_t k = odd ? 3 : 2; k < freedom - 1; k += 2) {
    term *= square * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  sum *= std::sin(angle);
  return odd ? 2 / std::numbers::pi * (angle + sum) : sum;
}

double student_quantile(double share, int64_t freedom) {
  double low = 0;
  double high = 1;
  while (student_within(high, freedom) < share) high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (student_within(middle, freedom) < share ? low : high) = middle;
  }
  return high;
}

PairedDifference paired_difference(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size() || first.size() < 2) {
    throw usage_error("contrast",
                      fmt::format("has {} and {} values, expected equal counts of at least 2", first.size(), second.size()));
  }
  PairedDifference result;
  result.pairs = static_cast<int64_t>(first.size());
  const auto count = static_cast<double>(first.size());
  for (size_t i = 0; i < first.size(); ++i) result.mean += (first[i] - second[i]) / count;
  double squares = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    const double rest = first[i] - second[i] - result.mean;
    squares += rest * rest;
  }
  const double stddev = std::sqrt(squares / (count - 1));
  const double error = stddev / std::sqrt(count);
  const double reach = student_quantile(0.95, result.pairs - 1) * error;
  result.lower = result.mean - reach;
  result.upper = result.mean + reach;
  if (error > 0) {
    result.p = 1 - student_within(std::abs(result.mean) / error, result.pairs - 1);
    result.effect = result.mean / stddev;
  } else {
    result.p = result.mean == 0 ? 1 : 0;
    result.effect = result.mean == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), result.mean);
  }
  return result;
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> corrected(p_values.size());
  double most = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    most = std::max(most, std::min(1.0, p_values[order[rank]] * static_cast<double>(order.size() - rank)));
    corrected[order[rank]] = most;
  }
  return corrected;
}

}  // namespace difflm
