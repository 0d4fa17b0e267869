#include "difflm/sampling/denoising_loop.h"

namespace difflm {

Tensor ClampRule::apply(const Tensor& x0, double u) const { return u <= below ? snap(x0) : x0; }

namespace {

SamplerStep step_between(double u, double next, const NoiseProcess& process, const UnevenLevels& uneven) {
  if (!uneven.levels) return {process.alpha_bar(u), process.alpha_bar(next), u - next};
  const auto signal = [&](double time) {
    const Tensor levels = uneven.levels(time);
    const Tensor alpha_bar = process.alpha_bar(levels).to(torch::kFloat64);
    return torch::where(levels > 0, alpha_bar, torch::ones_like(alpha_bar)).unsqueeze(-1);  // [T,1]
  };
  return {signal(u), signal(next), u - next};
}

}  // namespace

Tensor denoise(const DenoiseFunction& denoiser, Sampler& sampler, const NoiseProcess& process, const std::vector<double>& times,
               Tensor x, const NoiseSource& noise, const ClampRule& clamp, const StepObserver& observer, const UnevenLevels& uneven,
               const StepHook& after_step) {
  Tensor x0;
  for (size_t index = 0; index < times.size(); ++index) {
    const double u = times[index];
    x0 = clamp.apply(denoiser(x, u, x0), u);
    if (observer && !observer({index, times.size(), u, x, x0})) return x0;
    // The step after the last goes to the clean latent, which is the estimate itself.
    if (index + 1 == times.size()) break;
    const SamplerStep step = step_between(u, times[index + 1], process, uneven);
    const SamplerMove move = sampler.move(x, x0, step);
    Tensor next = move.with(noise);
    if (after_step) next = after_step(next, move, x0, times[index + 1]);
    if (!uneven.levels) {
      x = next;
      continue;
    }
    const Tensor was_clean = step.alpha_bar_t >= 1;  // [T,1]
    const Tensor fresh = torch::logical_and(step.alpha_bar_s >= 1, was_clean.logical_not()).squeeze(-1);
    x = uneven.settle(torch::where(was_clean.to(x.device()), x, next), fresh);
  }
  return x0;
}

}  // namespace difflm
