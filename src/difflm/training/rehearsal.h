// What of a training can be known to fail before the corpus is read, which may take minutes: no budget, a width that the heads do
// not divide, kernels that this machine has not, terms of the loss that contradict the model.
#pragma once

#include "difflm/core/config.h"

namespace difflm {

// Checks the budget and builds the model and objective that `config` asks for, with a vocabulary of two letters; throws their
// usage errors. A model that depends on the texts or on other files (labels, pre-trained rows, a base) is left to the real set-up.
void rehearse(const Config& config);

}  // namespace difflm
