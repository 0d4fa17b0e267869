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

// Replaces an x_0 estimate by the nearest embeddings while u <= `below` (Diffusion-LM's clamping trick): below 0 is off, 1 is
// always.
struct ClampRule {
  double below = -1;                                  // the loop's time where levels are uneven
  std::function<Tensor(const Tensor& x0)> snap = {};  // [B,T,D] -> the nearest embedding of each, [B,T,D]
  Tensor apply(const Tensor& x0, double u) const;
};

// Positions that are at levels of their own, cleaned one after another (spread.h). Without `levels` all are at the loop's time.
struct UnevenLevels {
  std::function<Tensor(double u)> levels = {};  // the loop's time -> [T] float64, falling everywhere; at u = 0 all are 0
  // x [B,T,D], [T] bool the positions that have just become clean -> x with those as the network shall see them from now on.
  std::function<Tensor(const Tensor& x, const Tensor& fresh)> settle = {};
};

// Moves the latents after a step: what was taken, its move, the level it leads to -> the latents to go on from.
using StepHook = std::function<Tensor(const Tensor& x, const SamplerMove& move, const Tensor& x0, double u)>;

// Runs the loop from `x` at times[0] through `times` to the clean latent; returns the last (clamped) x_0 estimate.
Tensor denoise(const DenoiseFunction& denoiser, Sampler& sampler, const NoiseProcess& process, const std::vector<double>& times,
               Tensor x, const NoiseSource& noise, const ClampRule& clamp = {}, const StepObserver& observer = {},
               const UnevenLevels& uneven = {}, const StepHook& after_step = {});

}  // namespace difflm
