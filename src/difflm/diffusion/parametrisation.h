// Parametrisations: what the network's output means. A family.
//
// Each turns the output [B,T,D] into an x_0 estimate, and defines the two sides of the regression (the `denoise` loss).
#pragma once

#include <functional>

#include "difflm/core/family.h"
#include "difflm/nn/torch.h"

namespace difflm {

// What is known when an output is read.
struct NoisyState {
  Tensor x_t;          // [B,T,D]
  Tensor alpha_bar;    // [B,1,1] share of its variance that is the word's
  Tensor skip_weight;  // [B,1,1] how much it says of the word (NoiseProcess::skip_weight)
};

// Maps a point [B,T,D] to the mean embedding of the tokens it may be rounded to, softmax(logits(point)) . E. Given by the model,
// since this room does not depend on the vocabulary; empty where such an x0 is not needed.
using Expectation = std::function<Tensor(const Tensor& point)>;

// The output of a denoiser for one noisy state, and how it is read.
struct Estimate {
  Tensor output;  // [B,T,D] the network's output
  Tensor point;   // [B,T,D] from which the rounding takes its logits
  Tensor x0;      // [B,T,D] the estimate of the clean latent
};

class Parametrisation {
 public:
  virtual ~Parametrisation() = default;

  virtual Estimate read(const Tensor& output, const NoisyState& state, const Expectation& expectation) const = 0;

  // The two sides of the regression: of the estimate, and of the truth.
  virtual Tensor regressed(const Estimate& estimate) const { return estimate.output; }
  virtual Tensor target(const Tensor& x0, const Tensor& noise, const Tensor& alpha_bar) const = 0;

  // True where x0 is a mean of token embeddings, so that a temperature can sharpen it.
  virtual bool has_logits() const { return false; }

  // The point [B,T,D] whose logits are the posterior of each token seen alone, up to its prior; undefined without logits.
  virtual Tensor context_free_point(const NoisyState&) const { return {}; }
};

using ParametrisationFamily = Family<Parametrisation>;
const ParametrisationFamily& parametrisations();  // model.parametrisation

}  // namespace difflm
