// The learning rate stays as it is.
#pragma once

#include "difflm/training/learning_rate.h"

namespace difflm {

class ConstantRate : public LearningRate {
 public:
  using Options = NoOptions;
  explicit ConstantRate(const Options&) {}
  double factor(double) const override { return 1; }
};

}  // namespace difflm
