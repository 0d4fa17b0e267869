// Orders: which hidden tokens are revealed in a step, where noise hides words. A family.
//
// Tokens that are revealed in the same step are drawn independently of each other, which is the one error of sampling in few steps;
// an order decides which tokens share a step. As many steps as tokens are exact in any order that does not look at what was drawn.
#pragma once

#include <cstddef>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"

namespace difflm {

// A token that is open in a step, and what the model believes about it.
struct OpenToken {
  int64_t place = 0;       // in its sequence
  double probability = 0;  // of the token that was drawn for it
  double entropy = 0;      // of the distribution it was drawn from, in nats, where the order reads it
};

class RevealOrder {
 public:
  virtual ~RevealOrder() = default;

  virtual bool reads_entropy() const { return false; }

  // Moves those of `hidden` that are revealed to its front, and says how many they are: at least `least`, which is what the number
  // of steps asks for, and at most all.
  virtual size_t choose(std::vector<OpenToken>& hidden, size_t least, RandomStream& random) = 0;
};

using RevealOrderFamily = Family<RevealOrder>;
const RevealOrderFamily& reveal_orders();  // sampling.order

}  // namespace difflm
