// Multi-head self-attention with position hooks; bidirectional or causal.
#pragma once

#include "difflm/nn/position.h"
#include "difflm/nn/torch.h"

namespace difflm {

class Attention : public torch::nn::Module {
 public:
  Attention(int64_t width, int64_t heads, double dropout);

  // hidden [B,T,H], bias [heads,T,T] or [T,T] or undefined -> [B,T,H]
  Tensor forward(const Tensor& hidden, const Tensor& bias, PositionSum& position);

 private:
  int64_t heads_;
  double dropout_;
  torch::nn::Linear query_{nullptr};
  torch::nn::Linear key_{nullptr};
  torch::nn::Linear value_{nullptr};
  torch::nn::Linear output_{nullptr};
};

// [T,T]: 0 where the query may look, -inf where the key lies in the future.
Tensor causal_bias(int64_t length, const torch::Device& device);

}  // namespace difflm
