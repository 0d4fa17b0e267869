// How well tokens are recovered from latents, by noise level: is decoding the bottleneck, or the denoiser?
//
// Held-out sequences are noised to u. Their tokens are then read from (a) the noised latent itself, x_u / sqrt(alpha_bar), by every
// rounding: what decoding alone can do; and (b) the model's estimate of x_0 from x_u: what the whole model does. Where (b) is far
// above (a) the network finds the tokens, not the rounding; where two roundings differ in (b), the choice of rounding costs tokens.
// Also by u: the cross-entropy of the correct tokens (nats/token) and the relative error of x_0, rms(x_0 estimate - x_0) /
// rms(x_0). PAD is not counted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "difflm/data/batches.h"
#include "difflm/model/diffusion_model.h"

namespace difflm {

struct RoundingCurve {
  std::vector<double> u;
  // Share of tokens recovered, [u]; by rounding: "model", "nearest", "cosine".
  std::map<std::string, std::vector<double>> from_noised;
  std::map<std::string, std::vector<double>> from_estimate;
  std::vector<double> cross_entropy;  // [u]
  std::vector<double> error;          // [u]
  int64_t tokens = 0;                 // counted at each level
};

// `config` holds the options of the roundings. The noise is that of `seed`: equal for models whose embeddings have the same shape.
RoundingCurve rounding_curve(DiffusionModel& model, const std::vector<Batch>& batches, const Config& config, uint64_t seed);

}  // namespace difflm
