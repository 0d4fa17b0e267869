#include "difflm/nn/attention.h"

#include <cmath>
#include <limits>

namespace difflm {

Attention::Attention(int64_t width, int64_t heads, double dropout) : heads_(heads), dropout_(dropout) {
  query_ = register_module("query", torch::nn::Linear(width, width));
  key_ = register_module("key", torch::nn::Linear(width, width));
  value_ = register_module("value", torch::nn::Linear(width, width));
  output_ = register_module("output", torch::nn::Linear(width, width));
}

Tensor Attention::forward(const Tensor& hidden, const Tensor& bias, PositionSum& position) {
  const int64_t batch = hidden.size(0);
  const int64_t length = hidden.size(1);
  const auto split = [&](const Tensor& states) { return states.view({batch, length, heads_, -1}).transpose(1, 2); };
  // One matrix product for all three instead of three narrow ones; the parameters keep BERT's names.
  const Tensor weight = torch::cat({query_->weight, key_->weight, value_->weight});
  const Tensor offset = torch::cat({query_->bias, key_->bias, value_->bias});
  const auto parts = torch::linear(hidden, weight, offset).chunk(3, -1);
  const Tensor query = position.rotated(split(parts[0]));  // [B,heads,T,H/heads]
  const Tensor key = position.rotated(split(parts[1]));
  const Tensor value = split(parts[2]);
  Tensor scores =
      torch::matmul(query, key.transpose(-2, -1)) * (1.0 / std::sqrt(static_cast<double>(query.size(-1))));  // [B,heads,T,T]
  if (bias.defined()) scores = scores + bias.to(scores.device(), scores.scalar_type());
  Tensor weights = torch::softmax(scores, -1);
  weights = torch::dropout(weights, dropout_, is_training());
  const Tensor mixed = torch::matmul(weights, value);  // [B,heads,T,H/heads]
  return output_->forward(mixed.transpose(1, 2).reshape({batch, length, -1}));
}

Tensor causal_bias(int64_t length, const torch::Device& device) {
  const auto options = torch::TensorOptions().dtype(torch::kFloat32).device(device);
  return torch::full({length, length}, -std::numeric_limits<float>::infinity(), options).triu(1);
}

}  // namespace difflm
