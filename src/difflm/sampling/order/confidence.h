// The tokens whose draws are the most probable (Nie et al. 2025, LLaDA, arXiv 2502.09992). What is probable is also common: texts
// become dull and repeat themselves, unless wishes say what they are about.
#pragma once

#include <algorithm>

#include "difflm/sampling/order.h"

namespace difflm {

class ConfidenceOrder : public RevealOrder {
 public:
  using Options = NoOptions;
  explicit ConfidenceOrder(const Options&) {}

  size_t choose(std::vector<OpenToken>& hidden, size_t least, RandomStream& /*random*/) override {
    std::stable_sort(hidden.begin(), hidden.end(),
                     [](const OpenToken& a, const OpenToken& b) { return a.probability > b.probability; });
    return least;
  }
};

}  // namespace difflm
