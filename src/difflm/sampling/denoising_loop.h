// The one sampling loop: from noise to the clean latent, with any denoiser, sampler and clamp rule.
#pragma once

#include <functional>
#include <vector>

#include "difflm/diffusion/noise_process.h"
#include "difflm/sampling/sampler.h"

namespace difflm {

// x_t [B,T,D], its noise level, the x_0 estimate of the step before (undefined at first) -> x_0 estimate [B,T,D].
using DenoiseFunction = std::function<Tensor(const Tensor& x_t, double u, const Tensor& previous_x0)>;

// What an observer sees after each estimate. Returning false ends the loop with the estimate so far.
struct StepView {
  size_t index;  // 0 .. count-1
  size_t count;
  double u;
  const Tensor& x_t;  // [B,T,D] before the step
  const Tensor& x0;   // [B,T,D] the estimate
};
using StepObserver = std::function<bool(const StepView& view)>;

// Replaces each x_0 estimate [B,T,D] by the nearest embeddings (Diffusion-LM's clamping trick); empty: it stays.
using ClampRule = std::function<Tensor(const Tensor& x0)>;

// Moves the latents after a step: what was taken, its move, the level it leads to -> the latents to go on from.
using StepHook = std::function<Tensor(const Tensor& x, const SamplerMove& move, const Tensor& x0, double u)>;

// Runs the loop from `x` at times[0] through `times` to the clean latent; returns the last (clamped) x_0 estimate.
Tensor denoise(const DenoiseFunction& denoiser, Sampler& sampler, const NoiseProcess& process, const std::vector<double>& times,
               Tensor x, const NoiseSource& noise, const ClampRule& clamp = {}, const StepObserver& observer = {},
               const StepHook& after_step = {});

}  // namespace difflm
