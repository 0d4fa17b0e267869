// The tokens with the least entropy, as long as their entropies sum to at most a bound: an upper bound on what drawing them
// independently can get wrong (Ben-Hamu et al. 2025, arXiv 2505.24857). Sure tokens come together, unsure ones one at a time, so a
// text takes as many steps as it needs.
#pragma once

#include <algorithm>

#include "difflm/sampling/order.h"

namespace difflm {

class EntropyBoundOrder : public RevealOrder {
 public:
  struct Options {
    double bound = 1;
    void describe(OptionVisitor& visitor) {
      visitor.field("bound", bound, "nats of entropy that the tokens of a step may have together", {0, 1e3});
    }
  };
  explicit EntropyBoundOrder(const Options& options) : options_(options) {}

  bool reads_entropy() const override { return true; }

  size_t choose(std::vector<OpenToken>& hidden, size_t least, RandomStream& /*random*/) override {
    std::stable_sort(hidden.begin(), hidden.end(), [](const OpenToken& a, const OpenToken& b) { return a.entropy < b.entropy; });
    size_t count = 0;
    for (double sum = 0; count < hidden.size(); ++count) {
      sum += hidden[count].entropy;
      if (count >= least && count > 0 && sum > options_.bound) break;
    }
    return count;
  }

 private:
  Options options_;
};

}  // namespace difflm
