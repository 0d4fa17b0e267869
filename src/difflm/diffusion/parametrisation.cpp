#include "difflm/diffusion/parametrisation.h"

#include "difflm/diffusion/parametrisation/epsilon.h"
#include "difflm/diffusion/parametrisation/logits.h"
#include "difflm/diffusion/parametrisation/v.h"
#include "difflm/diffusion/parametrisation/x0.h"

namespace difflm {

const ParametrisationFamily& parametrisations() {
  using F = ParametrisationFamily;
  static const F family("model.parametrisation", "what the network predicts",
                        {
                            variant<F, X0Parametrisation>("x0", "the clean latent (Diffusion-LM)"),
                            variant<F, EpsilonParametrisation>("epsilon", "the noise (Ho et al. 2020)"),
                            variant<F, VParametrisation>("v", "sqrt(abar) noise - sqrt(1 - abar) x0 (Salimans & Ho 2022)"),
                            variant<F, LogitsParametrisation>("logits", "token logits, x0 = softmax(logits) . E (CDCD, Plaid)"),
                        });
  return family;
}

}  // namespace difflm
