#include "difflm/training/learning_rate.h"

#include "difflm/training/learning_rate/constant.h"
#include "difflm/training/learning_rate/cosine.h"
#include "difflm/training/learning_rate/linear.h"

namespace difflm {

const LearningRateFamily& learning_rates() {
  using F = LearningRateFamily;
  static const F family("train.schedule", "how the learning rate falls after warm-up",
                        {
                            variant<F, ConstantRate>("constant", "it does not"),
                            variant<F, CosineRate>("cosine", "along half a cosine"),
                            variant<F, LinearRate>("linear", "along a straight line (Diffusion-LM)"),
                        });
  return family;
}

}  // namespace difflm
