#include "difflm/sampling/denoising_loop.h"

namespace difflm {

Tensor ClampRule::apply(const Tensor& x0, double u) const { return u <= below ? snap(x0) : x0; }

Tensor denoise(const DenoiseFunction& denoiser, Sampler& sampler, const NoiseProcess& process, const std::vector<double>& times,
               Tensor x, const NoiseSource& noise, const ClampRule& clamp, const StepObserver& observer) {
  Tensor x0;
  for (size_t index = 0; index < times.size(); ++index) {
    const double u = times[index];
    x0 = clamp.apply(denoiser(x, u, x0), u);
    if (observer && !observer({index, times.size(), u, x, x0})) return x0;
    // The step after the last goes to the clean latent, which is the estimate itself.
    if (index + 1 < times.size()) x = sampler.step(x, x0, {process.alpha_bar(u), process.alpha_bar(times[index + 1])}, noise);
  }
  return x0;
}

}  // namespace difflm
