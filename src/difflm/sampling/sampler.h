// Samplers: one step from x_t to x_s, given the estimate of x_0. A family.
//
// A sampler knows neither the network nor the words; the one loop that calls it is denoising_loop.h.
#pragma once

#include <functional>

#include "difflm/core/family.h"
#include "difflm/nn/torch.h"

namespace difflm {

// The signal levels a step goes between, float64: of all positions [] or of each [T,1]; alpha_bar_s = 1 where the latent gets
// clean.
struct SamplerStep {
  SamplerStep(double t, double s, double way = 1)
      : alpha_bar_t(torch::tensor(t, torch::kFloat64)), alpha_bar_s(torch::tensor(s, torch::kFloat64)), length(way) {}
  SamplerStep(Tensor t, Tensor s, double way) : alpha_bar_t(std::move(t)), alpha_bar_s(std::move(s)), length(way) {}

  Tensor alpha_bar_t;
  Tensor alpha_bar_s;
  double length;  // in u: 1 is the whole way from noise to text
};

// A step's coefficient, computed in float64, made to multiply `latents`.
inline Tensor coefficient(const Tensor& value, const Tensor& latents) { return value.to(latents.device(), latents.scalar_type()); }

using NoiseSource = std::function<Tensor()>;  // fresh standard normal noise of the shape of x_t

// Where a step leads: x_s = mean + deviation times fresh noise.
struct SamplerMove {
  Tensor mean;       // [B,T,D]
  Tensor deviation;  // made to multiply noise [B,T,D]; undefined where the step takes none

  Tensor with(const NoiseSource& noise) const { return deviation.defined() ? mean + deviation * noise() : mean; }
};

class Sampler {
 public:
  virtual ~Sampler() = default;

  // x_t, x0 [B,T,D] -> x_s. Where alpha_bar_s = 1 the result is x0, where alpha_bar_t = 1 it means nothing.
  virtual SamplerMove move(const Tensor& x_t, const Tensor& x0, const SamplerStep& step) = 0;

  Tensor step(const Tensor& x_t, const Tensor& x0, const SamplerStep& step, const NoiseSource& noise) {
    return move(x_t, x0, step).with(noise);
  }
};

using SamplerFamily = Family<Sampler>;
const SamplerFamily& samplers();  // sampling.sampler

}  // namespace difflm
