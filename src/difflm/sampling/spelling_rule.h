// A rule of what tokens may spell together. Tokens that are drawn at the same time can break it; those that do are drawn again,
// jointly.
#pragma once

#include <span>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/nn/torch.h"

namespace difflm {

class SpellingRule {
 public:
  struct Place {
    size_t begin;
    size_t count;  // of tokens
  };

  virtual ~SpellingRule() = default;

  // The parts of a text that break the rule.
  virtual std::vector<Place> misspelled(std::span<const int64_t> tokens) const = 0;

  // Tokens that keep the rule for such a part, from probabilities [k,V] float32 in CPU memory; empty where there are none.
  virtual std::vector<int64_t> draw(const Tensor& probabilities, RandomStream& random) const = 0;
};

}  // namespace difflm
