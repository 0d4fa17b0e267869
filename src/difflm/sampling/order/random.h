// Tokens are revealed in random order: ancestral sampling of masked diffusion (Sahoo et al. 2024, arXiv 2406.07524), with the
// number of a step fixed. As many steps as tokens: one at a time, exact, as the first-hitting sampler (Zheng et al. 2024, arXiv
// 2409.02908).
#pragma once

#include <utility>

#include "difflm/sampling/order.h"

namespace difflm {

class RandomOrder : public RevealOrder {
 public:
  using Options = NoOptions;
  explicit RandomOrder(const Options&) {}

  size_t choose(std::vector<OpenToken>& hidden, size_t least, RandomStream& random) override {
    for (size_t at = 0; at < least; ++at) {
      const auto rest = static_cast<double>(hidden.size() - at);
      std::swap(hidden[at], hidden[at + static_cast<size_t>(random.uniform() * rest)]);
    }
    return least;
  }
};

}  // namespace difflm
