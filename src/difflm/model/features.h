// What the network sees of a noisy latent: the latent, and what is already known about it. All channels have about unit size at
// every noise level (the input scaling of Karras et al. 2022, arXiv 2206.00364). Clean embeddings then weigh as much as noise, even
// where a small embedding scale makes them far shorter.
#pragma once

#include "difflm/nn/torch.h"

namespace difflm {

// A noisy latent as the denoiser gets it.
struct DenoiseInput {
  Tensor x_t;                 // [B,T,D]
  Tensor u;                   // [B] float64
  Tensor self_condition;      // [N,T,D] the x_0 estimate of the previous pass, for the first N <= B sequences, or undefined
  Tensor given;               // [B,T] float32, 1 where x_t is the clean embedding of a given token, or undefined
  Tensor labels = {};         // [B,L] float32, 1 for each label that the text should have, or undefined
  double guidance_scale = 1;  // classifier-free, towards the labels: 0 none, 1 as trained, more exaggerates
  Tensor context_free = {};   // [B,T,D] DiffusionModel::context_free_estimate, where it is known already, or undefined
};

struct FeatureRule {
  bool self_conditioning = false;  // D channels: the estimate of the previous pass; without one, the context-free one or zeros
  bool context_free = false;       // D channels: the estimate from each token's own latent, without its neighbours
  bool given_flag = false;         // 1 channel: 1 where the token is given
  double size = 1;                 // root mean square of an embedding's entries
  int64_t label_channels = 0;      // of the labels of the whole text, the same at every position

  int64_t channels(int64_t dimension) const;

  // alpha_bar [B,1,1]; context_free_estimate [B,T,D] and labels [B,label_channels] are read only if the rule has them;
  // undefined labels are zeros -> [B,T,channels]
  Tensor features(const DenoiseInput& input, const Tensor& alpha_bar, const Tensor& context_free_estimate,
                  const Tensor& labels = {}) const;
};

}  // namespace difflm
