// DPM-Solver++(2M) (Lu et al. 2022, arXiv 2211.01095): a second-order multistep solver of the probability-flow ODE in the x_0
// estimate. With lambda = log(alpha / sigma), h = lambda_s - lambda_t and r = (previous h) / h,
//   x_s = (sigma_s / sigma_t) x_t - alpha_s (exp(-h) - 1) D,  D = (1 + 1/(2r)) x0 - 1/(2r) (previous x0).
// The first step and the last, where lambda_s is infinite, are of first order.
#pragma once

#include "difflm/sampling/sampler.h"

namespace difflm {

class DpmSolverSampler : public Sampler {
 public:
  using Options = NoOptions;
  explicit DpmSolverSampler(const Options&) {}

  SamplerMove move(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) override {
    const Tensor h = lambda(step.alpha_bar_s) - lambda(step.alpha_bar_t);
    Tensor direction = x0;
    if (previous_x0_.defined()) {
      const Tensor half = torch::where(previous_h_ > 0, h / (2 * previous_h_), torch::zeros_like(h));  // 1 / (2r)
      direction = coefficient(1 + half, x0) * x0 - coefficient(half, x0) * previous_x0_;
    }
    previous_x0_ = x0;
    previous_h_ = h;
    const Tensor next = coefficient(((1 - step.alpha_bar_s) / (1 - step.alpha_bar_t)).sqrt(), x_t) * x_t -
                        coefficient(step.alpha_bar_s.sqrt() * torch::expm1(-h), x0) * direction;
    // Where both levels lie on the floor of the signal, as in the first of many steps of the cosine schedule, nothing moves.
    const Tensor moved = torch::where((h > 0).to(x_t.device()), next, x_t);
    return {torch::where((step.alpha_bar_s >= 1).to(x_t.device()), x0, moved), {}};
  }

 private:
  static Tensor lambda(const Tensor& alpha_bar) { return 0.5 * (alpha_bar.log() - torch::log1p(-alpha_bar)); }

  Tensor previous_x0_;
  Tensor previous_h_;
};

}  // namespace difflm
