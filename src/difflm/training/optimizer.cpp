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
  ++updates_;
  const auto age = static_cast<double>(updates_);
  const double rate = options_.learning_rate * factor;
  AdamWStep step = {};
  step.gradient_scale = static_cast<float>(options_.clip > 0 && norm > options_.clip ? options_.clip / norm : 1);
  step.beta1 = static_cast<float>(options_.beta1);
  step.beta2 = static_cast<float>(options_.beta2);
  step.rate = static_cast<float>(rate / (1 - std::pow(options_.beta1, age)));
  step.second_scale = static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, age)));
  step.epsilon = static_cast<float>(options_.epsilon);
  const double memory = options_.ema_warmup ? std::min(options_.ema, (1 + age) / (10 + age)) : options_.ema;
  step.average_weight = static_cast<float>(options_.ema == 0 ? 1 : 1 - memory);

  const int64_t decayed = parameters_.decayed();
  int64_t begin = 0;
  if (options_.optimizer == "muon") {
    begin = parameters_.inner();
    muon_.step(parameters_.inner_matrices(gradients), parameters_.inner_matrices(first_), parameters_.inner_matrices(values), rate,
               options_.weight_decay, step.gradient_scale);
    average_.narrow(0, 0, begin).lerp_(values.narrow(0, 0, begin), step.average_weight);
  }
  step.decay = static_cast<float>(1 - rate * options_.weight_decay);
  update(step, begin, decayed);
  step.decay = 1;
  update(step, decayed, values.numel());
  parameters_.changed();
  return norm;
}

void Optimizer::update(const AdamWStep& step, int64_t begin, int64_t end) {
  const auto part = [&](Tensor& tensor) { return tensor.narrow(0, begin, end - begin); };
  Tensor values = part(parameters_.values());
  if (values.is_cpu()) {
    const auto data = [&](Tensor& tensor) { return tensor.data_ptr<float>() + begin; };
    adamw_update(step, data(parameters_.gradients()), data(parameters_.values()), data(first_), data(second_), data(average_),
                 end - begin);
    return;
  }
  const Tensor gradients = part(parameters_.gradients()) * step.gradient_scale;
  Tensor first = part(first_);
  Tensor second = part(second_);
  first.lerp_(gradients, 1 - step.beta1);
  second.mul_(step.beta2).addcmul_(gradients, gradients, 1 - step.beta2);
  values.mul_(step.decay).addcdiv_(first, second.sqrt().mul_(step.second_scale).add_(step.epsilon), -step.rate);
  part(average_).lerp_(values, step.average_weight);
}

}  // namespace difflm
