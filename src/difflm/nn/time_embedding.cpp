#include "difflm/nn/time_embedding.h"

#include <cmath>

namespace difflm {

Tensor sinusoidal_embedding(const Tensor& time, int64_t channels) {
  const int64_t half = channels / 2;
  const auto options = torch::TensorOptions().dtype(torch::kFloat32).device(time.device());
  const Tensor frequencies = torch::exp(torch::arange(half, options) * (-std::log(10000.0) / static_cast<double>(half)));
  const Tensor angles = time.to(torch::kFloat32).unsqueeze(-1) * frequencies;  // [B, half]
  Tensor embedding = torch::cat({torch::cos(angles), torch::sin(angles)}, -1);
  if (channels % 2 == 1) embedding = torch::cat({embedding, torch::zeros_like(embedding.narrow(-1, 0, 1))}, -1);
  return embedding;
}

TimeEmbedding::TimeEmbedding(int64_t channels, int64_t hidden, int64_t width) : channels_(channels) {
  first_ = register_module("first", torch::nn::Linear(channels, hidden));
  second_ = register_module("second", torch::nn::Linear(hidden, width));
}

Tensor TimeEmbedding::forward(const Tensor& time) {
  return second_rows_.linear(torch::silu(first_rows_.linear(sinusoidal_embedding(time, channels_), first_)), second_);
}

}  // namespace difflm
