// Learning-rate schedules: the share of the budget spent -> a factor of the learning rate. A family.
#pragma once

#include "difflm/core/family.h"

namespace difflm {

class LearningRate {
 public:
  virtual ~LearningRate() = default;
  virtual double factor(double spent) const = 0;  // spent in [0,1]
};

using LearningRateFamily = Family<LearningRate>;
const LearningRateFamily& learning_rates();  // train.schedule

}  // namespace difflm
