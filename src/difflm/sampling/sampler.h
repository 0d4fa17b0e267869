// Samplers: one step from x_t to x_s, given the estimate of x_0. A family.
//
// A sampler depends neither on the network nor on the vocabulary; the one loop that calls it is denoising_loop.h. Coefficients are
// computed in float64.
#pragma once

#include <functional>
#include <optional>

#include "difflm/core/family.h"
#include "difflm/nn/torch.h"

namespace difflm {

// The signal levels between which a step goes; alpha_bar_s = 1 where the latents become clean.
struct SamplerStep {
  double alpha_bar_t;
  double alpha_bar_s;
  double length = 1;  // in u: 1 is the whole way from noise to text
};

using NoiseSource = std::function<Tensor()>;  // fresh standard normal noise of the shape of x_t

// Where a step leads: x_s = mean + stddev times fresh noise.
struct Transition {
  Tensor mean;                   // [B,T,D]
  std::optional<double> stddev;  // nothing where the step takes no noise

  Tensor draw(const NoiseSource& noise) const { return stddev ? mean + *stddev * noise() : mean; }
};

class Sampler {
 public:
  virtual ~Sampler() = default;

  // x_t, x0 [B,T,D] -> x_s, which is x0 where alpha_bar_s = 1. alpha_bar_t is below 1.
  virtual Transition transition(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) = 0;

  Tensor step(const Tensor& x_t, const Tensor& x0, const SamplerStep& step, const NoiseSource& noise) {
    return transition(x_t, x0, step).draw(noise);
  }
};

using SamplerFamily = Family<Sampler>;
const SamplerFamily& samplers();  // sampling.sampler

}  // namespace difflm
