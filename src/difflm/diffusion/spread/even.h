// All positions share the level u, as in Diffusion-LM (Li et al. 2022, arXiv 2205.14217).
#pragma once

#include "difflm/diffusion/spread.h"

namespace difflm {

class EvenSpread : public Spread {
 public:
  using Options = NoOptions;
  explicit EvenSpread(const Options&) {}

  std::vector<double> draw(double u, int64_t length, RandomStream&) const override {
    return std::vector<double>(static_cast<size_t>(length), u);
  }
  bool is_even() const override { return true; }
};

}  // namespace difflm
