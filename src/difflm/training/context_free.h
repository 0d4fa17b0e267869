// The context-free posterior: the distribution of a token given its own noisy latent alone, without any neighbour.
//
// p(w | z) is proportional to p(w) N(z; sqrt(abar) e_w, (1 - abar) I). A denoiser whose cross-entropy equals this one's uses no
// context at all. Small models can stay on that plateau for a whole run, so validation logs both side by side.
#pragma once

#include "difflm/nn/torch.h"

namespace difflm {

// Log-posterior up to a constant: z [B,T,D], table [V,D], alpha_bar [B], log_prior [V] -> [B,T,V].
Tensor context_free_logits(const Tensor& z, const Tensor& table, const Tensor& alpha_bar, const Tensor& log_prior);

}  // namespace difflm
