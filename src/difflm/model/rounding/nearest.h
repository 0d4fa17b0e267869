// The word at the least Euclidean distance. With logits -|x - e|^2 / (2 width^2) it is the posterior of a word seen through
// Gaussian noise of that width under an even prior. Nothing is learned.
#pragma once

#include "difflm/model/rounding.h"

namespace difflm {

class NearestRounding : public Rounding {
 public:
  struct Options {
    double width = 1;
    void describe(OptionVisitor& visitor) { visitor.field("width", width, "standard deviation of the assumed noise", {1e-6, 1e6}); }
  };
  NearestRounding(const Options& options, const RoundingShape&) : factor_(0.5 / (options.width * options.width)) {}

  Tensor logits(const Tensor& points, const Tensor& table) override { return factor_ * nearness(points, table); }

 private:
  double factor_;
};

}  // namespace difflm
