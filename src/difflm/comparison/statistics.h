// Paired comparisons over few seeds: the mean difference with its Student interval, and Holm's correction over several contrasts.
//
// Seeds are few, 3 to 10, so that a bootstrap over them has nothing to draw from (with 3 pairs, a quarter of all resamples has at
// most one of them); the t interval is right for normal differences and as wide as it must be.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace difflm {

struct PairedDifference {
  int64_t pairs = 0;
  double mean = 0;   // of first - second
  double lower = 0;  // 95% interval
  double upper = 0;
  double p = 1;  // two-sided
  double effect =
      0;  // mean / standard deviation of the differences (Cohen's d_z); infinite for equal differences that are not zero
};

// Throws a usage error for fewer than 2 pairs or unequal counts.
PairedDifference paired_difference(std::span<const double> first, std::span<const double> second);

// Holm's step-down correction (1979) of p-values, in their order.
std::vector<double> holm(std::span<const double> p_values);

// P(|T| <= t) of Student's distribution, t >= 0, by its closed form for whole degrees of freedom (Abramowitz and Stegun 26.7.3-4).
double student_within(double t, int64_t freedom);

// The t >= 0 with student_within(t) = share.
double student_quantile(double share, int64_t freedom);

}  // namespace difflm
