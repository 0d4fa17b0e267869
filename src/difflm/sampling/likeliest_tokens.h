// The tokens that a model finds most probable at one place of a text: a diffusion model given all others, an autoregressive one
// given those before it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "difflm/model/run_folder.h"

namespace difflm {

struct LikelyToken {
  Token token = 0;
  double probability = 0;
};

// At most `count`, the most probable first, and then the one that stands there if it is not among them. Throws a usage error for a place that the text has not.
std::vector<LikelyToken> likeliest_tokens(Run& run, std::span<const Token> text, int64_t place, int64_t count);

}  // namespace difflm
