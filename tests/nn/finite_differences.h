// Gradients against finite differences, along the gradient of each tensor and along a random direction.
//
// A central difference has an error of the order step^2; two of them, with step and step / 2, are combined into one of order step^4
// (Richardson), so that a float32 loss can be tested with a step far above its rounding.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "difflm/nn/torch.h"

namespace difflm::test {

struct GradientCheck {
  double step = 1e-3;
  double tolerance = 1e-6;  // relative to the norm of the gradient
  double negligible = 0;    // tensors with a smaller gradient are only checked to have a derivative as small
};

// `loss` is evaluated again at each call; `tensors` are leaves it depends on.
inline void expect_gradients(const std::function<Tensor()>& loss, const std::vector<std::pair<std::string, Tensor>>& tensors,
                             const GradientCheck& check) {
  for (const auto& [name, tensor] : tensors) {
    if (tensor.grad().defined()) Tensor(tensor).mutable_grad() = Tensor();
  }
  loss().backward();
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : tensors) {
    SCOPED_TRACE(name);
    const Tensor gradient = tensor.grad().defined() ? tensor.grad().clone() : torch::zeros_like(tensor);
    const double size = gradient.norm().item<double>();
    Tensor random = torch::randn_like(tensor);
    random = random / random.norm();
    const Tensor along = size > 0 ? gradient / size : random;
    for (const Tensor& direction : {along, random}) {
      const auto difference = [&](double step) {
        Tensor values = tensor.detach();
        const Tensor kept = values.clone();
        values.copy_(kept + step * direction);
        const double above = loss().item<double>();
        values.copy_(kept - step * direction);
        const double below = loss().item<double>();
        values.copy_(kept);
        return (above - below) / (2 * step);
      };
      const double numeric = (4 * difference(check.step / 2) - difference(check.step)) / 3;
      const double exact = (gradient * direction).sum().item<double>();
      EXPECT_NEAR(numeric, exact, check.tolerance * std::max(size, check.negligible) + 1e-12);
    }
  }
}

inline std::vector<std::pair<std::string, Tensor>> parameters_of(const torch::nn::Module& module) {
  std::vector<std::pair<std::string, Tensor>> result;
  for (const auto& item : module.named_parameters()) result.emplace_back(item.key(), item.value());
  return result;
}

}  // namespace difflm::test
