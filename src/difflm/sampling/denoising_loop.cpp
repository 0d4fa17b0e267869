#include "difflm/sampling/denoising_loop.h"

namespace difflm {

Denoised denoise(const DenoiseFunction& denoiser, Sampler& sampler, const NoiseProcess& process, const std::vector<double>& times,
                 Tensor x, const NoiseSource& noise, const StepObserver& observer, const StepHook& after_step) {
  Denoised denoised;
  for (size_t index = 0; index < times.size(); ++index) {
    const double u = times[index];
    denoised = denoiser(x, u, denoised.x0);
    if (observer && !observer({index, times.size(), u, x, denoised})) break;
    // The step after the last goes to the clean latents, which are the estimate itself.
    if (index + 1 == times.size()) break;
    const double next = times[index + 1];
    const Transition transition = sampler.transition(x, denoised.x0, {process.alpha_bar(u), process.alpha_bar(next), u - next});
    x = transition.draw(noise);
    if (after_step) x = after_step(x, transition, denoised.x0, next);
  }
  return denoised;
}

}  // namespace difflm
