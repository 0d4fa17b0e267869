// Random tensors, of which every row is a pure function of (seed, purpose, row).
#pragma once

#include "difflm/core/random.h"
#include "difflm/nn/torch.h"

namespace difflm {

inline torch::Generator make_generator(uint64_t seed) {
  auto generator = at::detail::createCPUGenerator();
  generator.set_current_seed(seed);
  return generator;
}

// Standard normal tensor drawn on the CPU (so that every device sees the same noise), then moved.
inline Tensor normal_tensor(torch::IntArrayRef shape, uint64_t seed, const torch::Device& device = torch::kCPU) {
  return torch::randn(shape, make_generator(seed), torch::TensorOptions().dtype(torch::kFloat32)).to(device);
}

// Uniform in [0, 1), drawn as above; in double precision, so that no probability is rounded to 0 or 1.
inline Tensor uniform_tensor(torch::IntArrayRef shape, uint64_t seed, const torch::Device& device = torch::kCPU) {
  return torch::rand(shape, make_generator(seed), torch::TensorOptions().dtype(torch::kFloat64)).to(device);
}

}  // namespace difflm
