// Which of several texts agrees most with the others: the choice of minimum Bayes risk (Kumar and Byrne 2004, N04-1022), by which
// Diffusion-LM fills in texts. The loss is 1 - BLEU of tokens.
#pragma once

#include <span>
#include <vector>

#include "difflm/data/packing.h"

namespace difflm {

// Mean BLEU-4 of each text with each of the others as its one reference, in [0, 1]; no match of an order counts as a tenth of one
// (Chen and Cherry 2014, method 1). 0 where there is nothing to agree with.
std::vector<double> agreement(std::span<const Sequence> texts);

}  // namespace difflm
