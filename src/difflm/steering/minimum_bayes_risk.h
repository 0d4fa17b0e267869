// Which of several texts agrees most with the others: the choice of minimum Bayes risk (Kumar and Byrne 2004, N04-1022), by which
// Diffusion-LM fills in texts. The loss is 1 - BLEU of tokens.
#pragma once

#include <span>
#include <vector>

#include "difflm/data/packing.h"

namespace difflm {

// Mean BLEU-4 of each text with each of the others as its only reference, in [0, 1]. An order of n-grams without a match counts as
// a tenth of a match (Chen and Cherry 2014, method 1). 0 where there is nothing to agree with.
std::vector<double> agreement(std::span<const Sequence> texts);

}  // namespace difflm
