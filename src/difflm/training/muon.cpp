#include "difflm/training/muon.h"

#include <cmath>

namespace difflm {
namespace {

constexpr double kMemory = 0.95;
constexpr double kStepSize = 0.2;

}  // namespace

Tensor Orthogonaliser::by_operators(const Tensor& matrices, torch::Dtype dtype) {
  const bool tall = matrices.size(1) > matrices.size(2);
  Tensor x = tall ? matrices.transpose(1, 2) : matrices;
  x = (x / (x.flatten(1).norm(2, 1).view({-1, 1, 1}) + 1e-30)).to(dtype);
  for (int step = 0; step < kOrthogonalisationSteps; ++step) {
    const Tensor a = torch::bmm(x, x.transpose(1, 2));
    const Tensor mix = torch::baddbmm(a, a, a, kOrthogonalisationB, kOrthogonalisationC);
    x = torch::baddbmm(x, mix, x, kOrthogonalisationA, 1);
  }
  x = x.to(matrices.scalar_type());
  return tall ? x.transpose(1, 2) : x;
}

Tensor Orthogonaliser::operator()(const Tensor& matrices) {
  if (!matrices.is_cpu()) return by_operators(matrices, torch::kBFloat16);
  Tensor result = matrices.contiguous().clone();
  kernel_.run(result.data_ptr<float>(), result.size(0), result.size(1), result.size(2));
  return result;
}

void Muon::step(const std::vector<Tensor>& gradients, const std::vector<Tensor>& momentum, const std::vector<Tensor>& weights,
                double rate, double weight_decay, double gradient_scale) {
  for (size_t i = 0; i < weights.size(); ++i) {
    Tensor memory = momentum[i];
    Tensor weight = weights[i];
    memory.mul_(kMemory).add_(gradients[i], (1 - kMemory) * gradient_scale);
    const Tensor ahead = torch::add(kMemory * memory, gradients[i], (1 - kMemory) * gradient_scale);
    const double size = kStepSize * std::sqrt(static_cast<double>(std::max(weight.size(1), weight.size(2))));
    weight.mul_(1 - rate * weight_decay).add_(orthogonal_(ahead), -rate * size);
  }
}

}  // namespace difflm
