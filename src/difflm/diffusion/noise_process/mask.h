// Masks: words are hidden, the others stay as they are, and the network sees which (Sahoo et al. 2024, MDLM, arXiv 2406.07524).
//
// The level is no input of the network: it is the number of hidden words, which it sees (Ou et al. 2024, arXiv 2406.03736).
#pragma once

#include "difflm/diffusion/noise_process/replaced_words.h"

namespace difflm {

class MaskNoise : public ReplacedWords {
 public:
  using Options = NoOptions;
  MaskNoise(const Options&, const NoiseOptions& options, const Config& config) : ReplacedWords({0, true}, options, config) {}

  Tensor network_time(const Tensor& u) const override { return NoiseProcess::network_time(torch::ones_like(u)); }
};

}  // namespace difflm
