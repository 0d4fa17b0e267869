// Bootstrap intervals over texts (Efron 1979), shared by all metrics.
//
// A resample is a weight for each text: how often it was drawn, with replacement, in as many draws as there are texts. So a
// metric keeps small counts per text and never touches strings again. The resamples depend on (seed, number of texts) only:
// metrics and rows of equal size see the same ones.
//
// The interval is the 2.5% to 97.5% percentile range of the resampled values, shifted so that their mean is the reported value.
// The shift matters: a resample repeats texts, so entropy falls and distances rise in it, and the plain percentile range of a
// distance of zero would not contain zero. For means the shift is zero and this is the plain percentile interval.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "difflm/core/options.h"

namespace difflm {

// A metric's figure with its 95% interval. All NaN where the metric is undefined, for instance when no text has a word.
struct MetricValue {
  double value = 0;
  double lower = 0;
  double upper = 0;
  double error = 0;  // standard deviation of the resampled values
};

struct BootstrapSettings {
  uint64_t seed = 0;
  int64_t resamples = 1000;
};

// The statistic of texts taken `weights[i]` times each; NaN where it is undefined.
using Statistic = std::function<double(std::span<const int32_t> weights)>;

// `limits` are the values the statistic can take; the interval is cut to them.
// Throws a usage error for no texts or fewer than one resample.
MetricValue bootstrap(size_t texts, const Statistic& statistic, BootstrapSettings settings, Limits limits = {});

// The ratio sum(numerators) / sum(denominators) over texts; NaN where the denominators sum to zero.
MetricValue bootstrap_ratio(std::span<const double> numerators, std::span<const double> denominators, BootstrapSettings settings,
                            Limits limits = {});

}  // namespace difflm
