#include "difflm/training/context_free.h"

namespace difflm {

Tensor context_free_logits(const Tensor& z, const Tensor& table, const Tensor& alpha_bar, const Tensor& log_prior) {
  const Tensor signal = alpha_bar.view({-1, 1, 1});
  const Tensor noise = (1 - signal).clamp_min(1e-9);
  // -|z - sqrt(abar) e|^2 / (2 (1 - abar)) without the part that is the same for all tokens.
  const Tensor overlap = torch::matmul(z, table.t()) * signal.sqrt();
  const Tensor energy = signal * table.square().sum(1) / 2;
  return (overlap - energy) / noise + log_prior;
}

}  // namespace difflm
