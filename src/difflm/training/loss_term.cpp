#include "difflm/training/loss_term.h"

#include "difflm/training/loss/anchor.h"
#include "difflm/training/loss/cross_entropy.h"
#include "difflm/training/loss/denoise.h"
#include "difflm/training/loss/prior.h"
#include "difflm/training/loss/rounding.h"

namespace difflm {

const LossTermFamily& loss_terms() {
  using F = LossTermFamily;
  static const F family("loss.terms", "what is minimised (a list)",
                        {
                            variant<F, DenoiseTerm>("denoise", "mean squared error of what the network predicts"),
                            variant<F, CrossEntropyTerm>("cross-entropy", "of the tokens, at every noise level (CDCD)"),
                            variant<F, RoundingTerm>("rounding", "cross-entropy of the tokens given x_0 itself (Diffusion-LM)"),
                            variant<F, AnchorTerm>("anchor", "cross-entropy of the tokens given the x_0 estimate (Difformer)"),
                            variant<F, PriorTerm>("prior", "mean square of what is left of x_0 at u = 1 (Diffusion-LM)"),
                        });
  return family;
}

}  // namespace difflm
