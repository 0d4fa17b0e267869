// Masks with some uniform noise: a replaced word is hidden, or another word stands in its place. The network learns to fill in what
// is missing and to doubt what it sees, its own earlier words too (von Ruette et al. 2025, GIDD, arXiv 2503.04482).
#pragma once

#include "difflm/diffusion/noise_process/replaced_words.h"

namespace difflm {

class MixedNoise : public ReplacedWords {
 public:
  struct Options {
    double random = 0.1;
    void describe(OptionVisitor& visitor) {
      visitor.field("random", random, "share of the replaced words for which others stand; the rest is hidden", {1e-3, 1});
    }
  };
  MixedNoise(const Options& own, const NoiseOptions& options, const Config& config)
      : ReplacedWords({own.random, false}, options, config) {}
};

}  // namespace difflm
