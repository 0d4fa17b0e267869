// DPM-Solver++(2M) (Lu et al. 2022, arXiv 2211.01095): a second-order multistep solver of the probability-flow ODE in the x_0
// estimate. With lambda = log(alpha / sigma), h = lambda_s - lambda_t and r = (previous h) / h,
//   x_s = (sigma_s / sigma_t) x_t - alpha_s (exp(-h) - 1) D,  D = (1 + 1/(2r)) x0 - 1/(2r) (previous x0).
// The first step and the last, where lambda_s is infinite, are of first order.
#pragma once

#include <cmath>

#include "difflm/sampling/sampler.h"

namespace difflm {

class DpmSolverSampler : public Sampler {
 public:
  using Options = NoOptions;
  explicit DpmSolverSampler(const Options&) {}

  Transition transition(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) override {
    if (step.alpha_bar_s >= 1) return {x0, {}};
    const double h = lambda(step.alpha_bar_s) - lambda(step.alpha_bar_t);
    Tensor direction = x0;
    if (previous_x0_.defined()) {
      const double half = previous_h_ > 0 ? h / (2 * previous_h_) : 0;  // 1 / (2r)
      direction = (1 + half) * x0 - half * previous_x0_;
    }
    previous_x0_ = x0;
    previous_h_ = h;
    // Where both levels are at the floor of the signal, as in the first of many steps of the cosine schedule, nothing moves.
    if (h <= 0) return {x_t, {}};
    return {
        std::sqrt((1 - step.alpha_bar_s) / (1 - step.alpha_bar_t)) * x_t - std::sqrt(step.alpha_bar_s) * std::expm1(-h) * direction,
        {}};
  }

 private:
  static double lambda(double alpha_bar) { return 0.5 * (std::log(alpha_bar) - std::log1p(-alpha_bar)); }

  Tensor previous_x0_;
  double previous_h_ = 0;
};

}  // namespace difflm
