// The exact probability of each token of a text, of an autoregressive model.
#pragma once

#include <string>
#include <vector>

#include "difflm/difflm.h"
#include "difflm/model/run_folder.h"

namespace difflm {

std::vector<ScoredToken> scored_tokens(const Run& run, const std::string& text);

}  // namespace difflm
