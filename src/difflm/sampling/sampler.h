// Samplers: one step from x_t to x_s, given the estimate of x_0. A family.
//
// A sampler knows neither the network nor the words; the one loop that calls it is denoising_loop.h.
#pragma once

#include <functional>

#include "difflm/core/family.h"
#include "difflm/nn/torch.h"

namespace difflm {

// The signal levels a step goes between; alpha_bar_s = 1 on the last step.
struct SamplerStep {
  double alpha_bar_t;
  double alpha_bar_s;
};

using NoiseSource = std::function<Tensor()>;  // fresh standard normal noise of the shape of x_t

class Sampler {
 public:
  virtual ~Sampler() = default;

  // x_t, x0 [B,T,D] -> x_s [B,T,D]. With alpha_bar_s = 1 the result is x0.
  virtual Tensor step(const Tensor& x_t, const Tensor& x0, const SamplerStep& step, const NoiseSource& noise) = 0;
};

using SamplerFamily = Family<Sampler>;
const SamplerFamily& samplers();  // sampling.sampler

}  // namespace difflm
