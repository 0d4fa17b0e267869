// The learning rate falls along half a cosine (Loshchilov & Hutter 2017, arXiv 1608.03983).
#pragma once

#include <cmath>
#include <numbers>

#include "difflm/training/learning_rate.h"

namespace difflm {

class CosineRate : public LearningRate {
 public:
  struct Options {
    double last = 0.02;
    void describe(OptionVisitor& visitor) { visitor.field("last", last, "factor at the end", {0, 1}); }
  };
  explicit CosineRate(const Options& options) : last_(options.last) {}
  double factor(double spent) const override { return last_ + (1 - last_) * (1 + std::cos(std::numbers::pi * spent)) / 2; }

 private:
  double last_;
};

}  // namespace difflm
