// Noise for a batch in which each row has its own generator, so that a sample depends on its seed and not on its batch.
#pragma once

#include <vector>

#include "difflm/diffusion/noise_process.h"
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

// The same where noise replaces words.
class RowReplacements {
 public:
  RowReplacements(const NoiseProcess& process, const Tensor& table, const std::vector<uint64_t>& seeds, int64_t length)
      : process_(process), table_(table), seeds_(seeds), shape_({1, length, table.size(1)}) {}

  Tensor operator()() {
    std::vector<Tensor> rows;
    rows.reserve(seeds_.size());
    for (const uint64_t seed : seeds_) rows.push_back(process_.noise(table_, shape_, stream_seed(seed, "noise", drawn_)));
    ++drawn_;
    return torch::cat(rows);
  }

 private:
  const NoiseProcess& process_;
  Tensor table_;  // [V,D]
  std::vector<uint64_t> seeds_;
  std::vector<int64_t> shape_;
  uint64_t drawn_ = 0;
};

}  // namespace difflm
