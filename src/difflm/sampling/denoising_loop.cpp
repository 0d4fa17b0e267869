#include "difflm/sampling/denoising_loop.h"

namespace difflm {

Tensor denoise(const DenoiseFunction& denoiser, Sampler& sampler, const NoiseProcess& process, const std::vector<double>& times,
               Tensor x, const NoiseSource& noise, const ClampRule& clamp, const StepObserver& observer,
               const StepHook& after_step) {
  Tensor x0;
  for (size_t index = 0; index < times.size(); ++index) {
    const double u = times[index];
    x0 = denoiser(x, u, x0);
    if (clamp) x0 = clamp(x0);
    if (observer && !observer({index, times.size(), u, x, x0})) return x0;
    // The step after the last goes to the clean latent, which is the estimate itself.
    if (index + 1 == times.size()) break;
    const double next = times[index + 1];
    const SamplerMove move = sampler.move(x, x0, {process.alpha_bar(u), process.alpha_bar(next), u - next});
    x = move.with(noise);
    if (after_step) x = after_step(x, move, x0, next);
  }
  return x0;
}

}  // namespace difflm
