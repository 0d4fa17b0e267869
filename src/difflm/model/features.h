// What the network is shown of a noisy latent: channels of about unit size whatever the noise level, so that clean words, which
// a small embedding scale makes far shorter than noise, are as loud as noise (the input scaling of Karras et al. 2022, arXiv
// 2206.00364), and beside the latent what is already known about it.
#pragma once

#include "difflm/nn/torch.h"

namespace difflm {

// A noisy latent as the denoiser gets it.
struct DenoiseInput {
  Tensor x_t;                 // [B,T,D]
  Tensor u;                   // [B] float64
  Tensor self_condition;      // [N,T,D] the x_0 estimate of a pass before, of the first N <= B sequences, or undefined
  Tensor given;               // [B,T] float32, 1 where x_t is the clean embedding of a known token, or undefined
  Tensor labels = {};         // [B,L] float32, 1 for each label that the text shall have, or undefined
  double guidance_scale = 1;  // classifier-free, towards the labels: 0 none, 1 as trained, more overdoes it
};

struct FeatureRule {
  bool self_conditioning = false;  // D channels: the estimate of the pass before; without one, the context-free one or zeros
  bool context_free = false;       // D channels: the estimate from each token's own latent, without its neighbours
  bool given_flag = false;         // 1 channel: 1 where the token is given
  double size = 1;                 // root mean square of an embedding's entries
  int64_t label_channels = 0;      // of what is said of the whole text, the same at every position

  int64_t channels(int64_t dimension) const;

  // alpha_bar [B,1,1]; context_free_estimate [B,T,D] and labels [B,label_channels] are read only if the rule has them;
  // undefined labels are zeros -> [B,T,channels]
  Tensor features(const DenoiseInput& input, const Tensor& alpha_bar, const Tensor& context_free_estimate,
                  const Tensor& labels = {}) const;
};

}  // namespace difflm
