// The learning rate falls along a straight line.
#pragma once

#include "difflm/training/learning_rate.h"

namespace difflm {

class LinearRate : public LearningRate {
 public:
  struct Options {
    double last = 0;
    void describe(OptionVisitor& visitor) { visitor.field("last", last, "factor at the end", {0, 1}); }
  };
  explicit LinearRate(const Options& options) : last_(options.last) {}
  double factor(double spent) const override { return 1 - (1 - last_) * spent; }

 private:
  double last_;
};

}  // namespace difflm
