// The sinusoidal embedding of the noise level, as in Diffusion-LM: cosines first, then sines.
#pragma once

#include "difflm/nn/row_products.h"

namespace difflm {

// time [...] (0 .. 1000) -> [..., channels]; frequencies exp(-ln(10000) k / (channels/2)), k = 0 .. channels/2 - 1.
Tensor sinusoidal_embedding(const Tensor& time, int64_t channels);

// Sinusoid -> Linear -> SiLU -> Linear: [B] -> [B, width].
class TimeEmbedding : public torch::nn::Module {
 public:
  TimeEmbedding(int64_t channels, int64_t hidden, int64_t width);
  Tensor forward(const Tensor& time);

 private:
  int64_t channels_;
  torch::nn::Linear first_{nullptr};
  torch::nn::Linear second_{nullptr};
  RowProducts first_rows_;
  RowProducts second_rows_;
};

}  // namespace difflm
