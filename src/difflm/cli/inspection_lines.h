// An inspection as a few lines for people: what was seen of the texts, and what was chosen.
#pragma once

#include <string>
#include <vector>

#include "difflm/difflm.h"

namespace difflm {

std::vector<std::string> inspection_lines(const Inspection& inspection);

}  // namespace difflm
