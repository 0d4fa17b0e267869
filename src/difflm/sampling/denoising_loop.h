// The one sampling loop: from noise to the clean latents, with any denoiser and any sampler.
#pragma once

#include <functional>
#include <vector>

#include "difflm/diffusion/noise_process.h"
#include "difflm/sampling/sampler.h"

namespace difflm {

// What a denoiser returns for noisy latents. One that does not depend on the vocabulary gives the estimate alone.
struct Denoised {
  Denoised() = default;
  Denoised(const Tensor& estimate) : x0(estimate), point(estimate) {}  // NOLINT(google-explicit-constructor)
  Denoised(Tensor estimate, Tensor read_at, Tensor guided)
      : x0(std::move(estimate)), point(std::move(read_at)), logits(std::move(guided)) {}

  Tensor x0;      // [B,T,D] the estimate of the clean latents
  Tensor point;   // [B,T,D] from which the rounding takes its logits
  Tensor logits;  // [B,T,V] of the tokens, where something besides the model guides them; else undefined
};

// x_t [B,T,D], its noise level, the x_0 estimate of the step before (undefined at first) -> the estimate.
using DenoiseFunction = std::function<Denoised(const Tensor& x_t, double u, const Tensor& previous_x0)>;

// What an observer sees after each estimate. Returning false ends the loop with the estimate so far.
struct StepView {
  size_t index;  // 0 .. count-1
  size_t count;
  double u;
  const Tensor& x_t;         // [B,T,D] before the step
  const Denoised& denoised;  // the estimate
};
using StepObserver = std::function<bool(const StepView& view)>;

// Moves the latents after a step: the latents drawn, the transition, the estimate it was made from, the level it leads to -> the
// latents from which sampling continues.
using StepHook = std::function<Tensor(const Tensor& x, const Transition& transition, const Tensor& x0, double u)>;

// Runs the loop from `x` at times[0] through `times` to the clean latents; returns the last estimate.
Denoised denoise(const DenoiseFunction& denoiser, Sampler& sampler, const NoiseProcess& process, const std::vector<double>& times,
                 Tensor x, const NoiseSource& noise, const StepObserver& observer = {}, const StepHook& after_step = {});

}  // namespace difflm
