#include "difflm/training/optimizer.h"

#include <algorithm>
#include <cmath>

namespace difflm {

Optimizer::Optimizer(FlatParameters& parameters, const OptimizerOptions& options) : parameters_(parameters), options_(options) {
  first_ = torch::zeros_like(parameters.values());
  second_ = torch::zeros_like(parameters.values());
  average_ = parameters.values().clone();
}

double Optimizer::step(double factor) {
  const torch::NoGradGuard no_grad;
  Tensor& gradients = parameters_.gradients();
  Tensor& values = parameters_.values();
  const double norm = gradients.norm().item<double>();
  if (!std::isfinite(norm)) return norm;
  if (options_.clip > 0 && norm > options_.clip) gradients.mul_(options_.clip / norm);
  ++updates_;
  const double rate = options_.learning_rate * factor;
  const double correction1 = 1 - std::pow(options_.beta1, static_cast<double>(updates_));
  const double correction2 = 1 - std::pow(options_.beta2, static_cast<double>(updates_));
  if (options_.weight_decay > 0) values.narrow(0, 0, parameters_.decayed()).mul_(1 - rate * options_.weight_decay);
  first_.lerp_(gradients, 1 - options_.beta1);
  second_.mul_(options_.beta2).addcmul_(gradients, gradients, 1 - options_.beta2);
  const Tensor denominator = second_.sqrt().mul_(1 / std::sqrt(correction2)).add_(options_.epsilon);
  values.addcdiv_(first_, denominator, -rate / correction1);
  // A young average forgets faster, or it would stay near the random start for its first thousands of steps.
  const auto age = static_cast<double>(updates_);
  average_.lerp_(values, 1 - std::min(options_.ema, (1 + age) / (10 + age)));
  if (options_.ema == 0) average_.copy_(values);
  return norm;
}

}  // namespace difflm
