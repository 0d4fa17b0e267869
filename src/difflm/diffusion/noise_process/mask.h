// Masks: at level u the share 1 - alpha_bar(u) of the words is hidden, the others stay as they are (Austin et al. 2021, D3PM with
// an absorbing state, arXiv 2107.03006; Sahoo et al. 2024, MDLM, arXiv 2406.07524).
//
// The given flag shows the network which words are hidden, so a hidden word needs no embedding of its own: a learned one would only
// add a vector to the first layer's output, which the weights of the flag do. Nor is the level an input: it is the number of hidden
// words, which the network sees (Ou et al. 2024, arXiv 2406.03736).
#pragma once

#include "difflm/diffusion/noise_process.h"
#include "difflm/nn/random_tensor.h"

namespace difflm {

class MaskNoise : public NoiseProcess {
 public:
  using Options = NoOptions;
  MaskNoise(const Options&, const NoiseOptions& options, const Config& config) : NoiseProcess(options, config) {}

  bool hides() const override { return true; }
  Tensor network_time(const Tensor& u) const override { return NoiseProcess::network_time(torch::ones_like(u)); }

  Tensor noise(const Tensor& table, torch::IntArrayRef shape, uint64_t /*seed*/) const override {
    return torch::zeros(shape, table.options());
  }

  // Each word stays with probability alpha_bar.
  Tensor mix(const Tensor& x0, const Tensor& noise, const Tensor& alpha_bar, uint64_t seed) const override {
    const Tensor chance = uniform_tensor({x0.size(0), x0.size(1), 1}, seed, x0.device());
    return torch::where(chance < broadcast_to_latents(alpha_bar), x0, noise);
  }
};

}  // namespace difflm
