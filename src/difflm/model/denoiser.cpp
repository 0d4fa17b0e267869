#include "difflm/model/denoiser.h"

#include "difflm/model/denoiser/bert.h"
#include "difflm/model/denoiser/plain.h"
#include "difflm/model/denoiser/transformer.h"

namespace difflm {

const DenoiserFamily& denoisers() {
  using F = DenoiserFamily;
  static const F family(
      "model.denoiser", "the network that removes noise",
      {
          variant<F, TransformerDenoiser>("transformer", "pre-norm transformer with linear projections"),
          variant<F, BertDenoiser>("bert", "post-norm BERT with tanh projections (Diffusion-LM)"),
          variant<F, PlainDenoiser>("plain", "post-norm encoder as wide as the embedding, no positions (hobby baseline)"),
      });
  return family;
}

}  // namespace difflm
