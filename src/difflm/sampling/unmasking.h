// The sampling loop where noise hides words: in each step the hidden tokens are drawn, and those that the order chooses are
// committed, until none is hidden.
//
// The number of tokens still hidden after a step falls along a cosine (Chang et al. 2022, MaskGIT, arXiv 2202.04200): few are
// revealed while little is known. With as many steps as tokens, or more, one is revealed at a time.
#pragma once

#include <functional>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/sampling/draft.h"
#include "difflm/sampling/guided_denoiser.h"
#include "difflm/sampling/order.h"

namespace difflm {

// What an observer sees after each step: the tokens drawn, hidden ones included, and the share that was hidden before it. Returning
// false ends the loop.
using UnmaskingObserver = std::function<bool(size_t step, double hidden, const Rounding::Rounded& drawn)>;

// Reveals the open tokens of `draft` in at most `steps` steps; row b draws from random[b]. `nothing` [B,T,D] stands in the place of
// hidden words. Returns the tokens, all of them committed unless the observer ended it.
Rounding::Rounded unmask(const GuidedDenoiser& guided, Draft& draft, RevealOrder& order, int64_t steps, const Tensor& nothing,
                         std::vector<RandomStream>& random, const UnmaskingObserver& observer);

}  // namespace difflm
