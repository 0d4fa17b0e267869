// Uniform noise: in the place of a word stands another, each equally often, and the network has to find out which words are wrong
// (Austin et al. 2021, arXiv 2107.03006; Schiff et al. 2024, UDLM, arXiv 2412.10193). No word is ever final, so each may still be
// mended.
#pragma once

#include "difflm/diffusion/noise_process/replaced_words.h"

namespace difflm {

class UniformNoise : public ReplacedWords {
 public:
  using Options = NoOptions;
  UniformNoise(const Options&, const NoiseOptions& options, const Config& config) : ReplacedWords({1, false}, options, config) {}
};

}  // namespace difflm
