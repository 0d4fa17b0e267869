// Gaussian noise: x_t = sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) z (Ho et al. 2020; of words' embeddings, Li et al. 2022).
#pragma once

#include "difflm/diffusion/noise_process.h"
#include "difflm/nn/random_tensor.h"

namespace difflm {

// x_t for x0 [B,T,D], noise [B,T,D], alpha_bar [B].
inline Tensor diffuse(const Tensor& x0, const Tensor& noise, const Tensor& alpha_bar) {
  return broadcast_to_latents(alpha_bar.sqrt()) * x0 + broadcast_to_latents((1 - alpha_bar).sqrt()) * noise;
}

class GaussianNoise : public NoiseProcess {
 public:
  using Options = NoOptions;  // all its settings are those of section noise
  GaussianNoise(const Options&, const NoiseOptions& options, const Config& config) : GaussianNoise(options, config) {}
  GaussianNoise(const NoiseOptions& options, const Config& config) : NoiseProcess(options, config) {}

  Tensor noise(const Tensor& table, torch::IntArrayRef shape, uint64_t seed) const override {
    return normal_tensor(shape, seed, table.device());
  }
  Tensor mix(const Tensor& x0, const Tensor& noise, const Tensor& alpha_bar, uint64_t /*seed*/) const override {
    return diffuse(x0, noise, alpha_bar);
  }
  Tensor skip_weight(const Tensor& alpha_bar, int64_t /*words*/, double /*norm*/) const override {
    return alpha_bar.sqrt() / (1 - alpha_bar);
  }

  // -|x_t - sqrt(alpha_bar) e|^2 / (2 (1 - alpha_bar)) without the part that is the same for all words.
  Tensor evidence(const Tensor& x_t, const Tensor& table, const Tensor& alpha_bar) const override {
    const Tensor share = broadcast_to_latents(alpha_bar);
    const Tensor overlap = torch::matmul(x_t, table.t()) * share.sqrt();
    const Tensor energy = share * table.square().sum(1) / 2;
    return (overlap - energy) / (1 - share).clamp_min(1e-9);
  }
};

}  // namespace difflm
