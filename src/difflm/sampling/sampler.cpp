#include "difflm/sampling/sampler.h"

#include "difflm/sampling/sampler/ddim.h"
#include "difflm/sampling/sampler/ddpm.h"
#include "difflm/sampling/sampler/dpm_solver.h"

namespace difflm {

const SamplerFamily& samplers() {
  using F = SamplerFamily;
  static const F family("sampling.sampler", "how a step is taken",
                        {
                            variant<F, DdpmSampler>("ddpm", "ancestral: the posterior with its noise (Ho et al. 2020)"),
                            variant<F, DdimSampler>("ddim", "deterministic at eta 0, ancestral-like at 1 (Song et al. 2021)"),
                            variant<F, DpmSolverSampler>("dpm-solver++", "second order, multistep, deterministic (Lu et al. 2022)"),
                        });
  return family;
}

}  // namespace difflm
