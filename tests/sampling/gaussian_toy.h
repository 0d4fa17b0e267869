// Gaussian data, for which the best x_0 estimate, the flow of the probability-flow ODE and the moments of ancestral sampling are
// known.
#pragma once

#include <cmath>

#include "difflm/nn/torch.h"

namespace difflm::test {

// Every coordinate of x_0 is N(mean, stddev^2), independent.
struct GaussianToy {
  double mean = 0.7;
  double stddev = 0.4;

  double marginal_variance(double alpha_bar) const { return alpha_bar * stddev * stddev + 1 - alpha_bar; }

  // d E[x_0 | x_t] / d x_t
  double slope(double alpha_bar) const { return std::sqrt(alpha_bar) * stddev * stddev / marginal_variance(alpha_bar); }

  // E[x_0 | x_t]
  Tensor estimate(const Tensor& x_t, double alpha_bar) const {
    return mean + slope(alpha_bar) * (x_t - std::sqrt(alpha_bar) * mean);
  }

  // Where the probability-flow ODE leads x_t: for Gaussians it keeps the number of standard deviations from the mean.
  Tensor flow(const Tensor& x_t, double from, double to) const {
    return std::sqrt(to) * mean + std::sqrt(marginal_variance(to) / marginal_variance(from)) * (x_t - std::sqrt(from) * mean);
  }
};

}  // namespace difflm::test
