// Noise that replaces words whole: at level u the share 1 - alpha_bar(u) of the words is hidden, or another word stands in its
// place (Austin et al. 2021, D3PM, arXiv 2107.03006). What mask, uniform and mixed have in common.
//
// A hidden word is a latent of zeros that is not flagged as given: a learned embedding would only add a vector to the first layer's
// output, which the weights of the flag do. A word that is not flagged may be right or not.
#pragma once

#include "difflm/diffusion/noise_process.h"
#include "difflm/nn/random_tensor.h"

namespace difflm {

class ReplacedWords : public NoiseProcess {
 public:
  std::optional<Replacement> replaces() const override { return replacement_; }

  Tensor noise(const Tensor& table, torch::IntArrayRef shape, uint64_t seed) const override {
    if (replacement_.random == 0) return torch::zeros(shape, table.options());
    const Tensor words =
        torch::randint(table.size(0), {shape[0], shape[1]}, make_generator(seed), torch::TensorOptions().dtype(torch::kInt64));
    const Tensor others = torch::embedding(table, words.to(table.device()));
    const Tensor chance = uniform_tensor({shape[0], shape[1], 1}, stream_seed(seed, "hidden"), table.device());
    return torch::where(chance < replacement_.random, others, torch::zeros({}, table.options()));
  }

  // Each word stays with probability alpha_bar.
  Tensor mix(const Tensor& x0, const Tensor& noise, const Tensor& alpha_bar, uint64_t seed) const override {
    if (replacement_.flags_kept) return noise;
    const Tensor chance = uniform_tensor({x0.size(0), x0.size(1), 1}, seed, x0.device());
    return torch::where(chance < broadcast_to_latents(alpha_bar), x0, noise);
  }

  // Each word of row i with probability alpha_bar(u[i]), but not all of them.
  Tensor draw_kept(const std::vector<double>& u, int64_t length, RandomStream& random) const override {
    if (!replacement_.flags_kept) return {};
    const auto rows = static_cast<int64_t>(u.size());
    Tensor kept = torch::zeros({rows, length});
    auto access = kept.accessor<float, 2>();
    for (int64_t row = 0; row < rows; ++row) {
      int64_t replaced = 0;
      const double share = this->alpha_bar(u[static_cast<size_t>(row)]);
      for (int64_t at = 0; at < length; ++at) {
        const bool stays = random.uniform() < share;
        access[row][at] = stays ? 1.0F : 0.0F;
        replaced += stays ? 0 : 1;
      }
      if (replaced == 0) access[row][static_cast<int64_t>(random.uniform() * static_cast<double>(length))] = 0;
    }
    return kept;
  }

  // A word that stands there is whole.
  Tensor signal(const Tensor& alpha_bar) const override { return torch::ones_like(alpha_bar); }

  Tensor skip_weight(const Tensor& alpha_bar, int64_t words, double norm) const override { return odds(alpha_bar, words) / norm; }

  Tensor evidence(const Tensor& x_t, const Tensor& table, const Tensor& alpha_bar) const override {
    const Tensor overlap = torch::matmul(x_t, table.t()) - table.square().sum(1) / 2;  // [B,T,V]
    const Tensor stands = torch::one_hot(overlap.argmax(-1), table.size(0)).to(x_t.dtype());
    const Tensor shown = x_t.abs().amax(-1, true) > 0;  // [B,T,1]
    return stands * shown * broadcast_to_latents(odds(alpha_bar, table.size(0)));
  }

 protected:
  ReplacedWords(Replacement replacement, const NoiseOptions& options, const Config& config)
      : NoiseProcess(options, config), replacement_(replacement) {
    if (options.steps > 0) throw usage_error("noise.steps", "has no use where noise replaces words, expected 0");
  }

 private:
  // The log-odds of the word that stands somewhere, against any other: it stayed, or was drawn. [B] -> [B]
  Tensor odds(const Tensor& alpha_bar, int64_t words) const {
    if (replacement_.random == 0) return torch::zeros_like(alpha_bar);
    const Tensor replaced = (1 - alpha_bar).clamp_min(1e-4) * replacement_.random;
    return (alpha_bar * static_cast<double>(words) / replaced).log1p();
  }

  Replacement replacement_;
};

}  // namespace difflm
