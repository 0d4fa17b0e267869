// A share of the sequences has a level drawn for each position alone (Diffusion Forcing, Chen et al. 2024, arXiv 2407.01392), the
// others are even.
#pragma once

#include "difflm/diffusion/spread.h"

namespace difflm {

class IndependentSpread : public Spread {
 public:
  struct Options {
    double share = 0.5;
    void describe(OptionVisitor& visitor) { visitor.field("share", share, "share of the sequences, the others are even", {0, 1}); }
  };
  explicit IndependentSpread(const Options& options) : share_(options.share) {}

  std::vector<double> draw(double u, int64_t length, RandomStream& random) const override {
    std::vector<double> levels(static_cast<size_t>(length), u);
    if (random.uniform() >= share_) return levels;
    for (double& level : levels) level = 1 - random.uniform();
    return levels;
  }

 private:
  double share_;
};

}  // namespace difflm
