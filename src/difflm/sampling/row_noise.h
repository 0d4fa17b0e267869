// Noise for a batch in which each row has its own generator, so that a sample depends on its seed and not on its batch.
#pragma once

#include <vector>

#include "difflm/nn/random_tensor.h"

namespace difflm {

class RowNoise {
 public:
  // One generator per row; every call draws [rows,T,D].
  RowNoise(const std::vector<uint64_t>& seeds, int64_t length, int64_t dimension, const torch::Device& device)
      : shape_({length, dimension}), device_(device) {
    for (const uint64_t seed : seeds) generators_.push_back(make_generator(seed));
  }

  Tensor operator()() {
    std::vector<Tensor> rows;
    rows.reserve(generators_.size());
    for (auto& generator : generators_)
      rows.push_back(torch::randn(shape_, generator, torch::TensorOptions().dtype(torch::kFloat32)));
    return torch::stack(rows).to(device_);
  }

 private:
  std::vector<int64_t> shape_;
  torch::Device device_;
  std::vector<torch::Generator> generators_;
};

}  // namespace difflm
