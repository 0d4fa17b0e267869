// How one noise time spreads over the positions of a sequence. A family.
//
// Diffusion-LM noises all positions alike. A network that also learns sequences noised unevenly can be asked to clean the text in
// any order, for instance from left to right: then what is being written has clean text beside it, as an autoregressive model has
// ("AR-Diffusion", Wu et al. 2023, arXiv 2305.09515; "Diffusion Forcing", Chen et al. 2024, arXiv 2407.01392).
#pragma once

#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"

namespace difflm {

class Spread {
 public:
  virtual ~Spread() = default;

  // The noise level, 0 (clean) to 1, of each of `length` positions of a training sequence at time u in (0,1]; at least one is above
  // 0.
  virtual std::vector<double> draw(double u, int64_t length, RandomStream& random) const = 0;

  // True where draw() is u everywhere: then the network never sees levels that differ, and cannot be sampled with any.
  virtual bool is_even() const { return false; }
};

using SpreadFamily = Family<Spread>;
const SpreadFamily& spreads();  // noise.spread

// A front that runs from left to right while u falls from 1 to 0, with `window` positions behind it on their way from noise (1) to
// clean text (0):  level_i = clamp(1 - (f - i) / window, 0, 1),  f = (1 - u) (length - 1 + window).
std::vector<double> front_levels(double u, int64_t length, double window);

}  // namespace difflm
