// The sampling loop where noise replaces words: in each step every open word is drawn, those that the order chooses are shown, and
// the others are noise again, until all are shown.
//
// Where words that are kept have the given flag (mask), a word that was shown is committed. The share `remask` of them is
// hidden again before each step, so that early words may change (Wang et al. 2025, ReMDM, arXiv 2503.00307). Elsewhere
// (uniform, mixed), every word is drawn again in each step.
//
// The number of words not yet shown falls along a cosine (Chang et al. 2022, MaskGIT, arXiv 2202.04200): few are shown while little
// is known. With as many steps as words, or more, one is shown at a time.
#pragma once

#include <functional>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/sampling/draft.h"
#include "difflm/sampling/guided_denoiser.h"
#include "difflm/sampling/order.h"

namespace difflm {

struct WordDenoising {
  int64_t steps;
  double remask = 0;
  double top_p = 1;
};

// What an observer sees after each step: the tokens drawn, and the share that was not to be shown before it. Returning false ends
// the loop.
using WordObserver = std::function<bool(size_t step, double hidden, const Rounding::Rounded& drawn)>;

// Draws the open tokens of `draft` in at most `options.steps` steps; row b draws from random[b]. `noise` [B,T,D] takes the place of
// words. Returns the tokens; they are committed where words that are kept have the given flag.
Rounding::Rounded denoise_words(const GuidedDenoiser& guided, Draft& draft, RevealOrder& order, const NoiseProcess& process,
                                const WordDenoising& options, const NoiseSource& noise, std::vector<RandomStream>& random,
                                const WordObserver& observer);

}  // namespace difflm
