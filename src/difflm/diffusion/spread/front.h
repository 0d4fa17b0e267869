// A share of the sequences is noised by a front from left to right, with clean text before it and noise after it; the others are
// even. The width is drawn anew for each sequence, so that sampling may choose any (AR-Diffusion, Wu et al. 2023, arXiv
// 2305.09515).
#pragma once

#include <cmath>

#include "difflm/diffusion/spread.h"

namespace difflm {

class FrontSpread : public Spread {
 public:
  struct Options {
    double share = 0.75;
    double shortest = 2;
    double longest = 32;
    void describe(OptionVisitor& visitor) {
      visitor.field("share", share, "share of the sequences, the others are even", {0, 1});
      visitor.field("shortest", shortest, "least width of the front in tokens", {1, 1e6});
      visitor.field("longest", longest, "largest width of the front in tokens, drawn evenly in its logarithm", {1, 1e6});
    }
  };
  explicit FrontSpread(const Options& options);  // throws a usage error for a largest width below the least

  std::vector<double> draw(double u, int64_t length, RandomStream& random) const override {
    if (random.uniform() >= options_.share) return std::vector<double>(static_cast<size_t>(length), u);
    const double window = options_.shortest * std::pow(options_.longest / options_.shortest, random.uniform());
    return front_levels(u, length, window);
  }

 private:
  Options options_;
};

}  // namespace difflm
