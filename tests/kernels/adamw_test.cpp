#include "difflm/kernels/adamw.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace difflm {
namespace {

// One value through two steps, computed by hand in double precision from the paper's formulas.
TEST(AdamWUpdate, TwoStepsByHand) {
  const double beta1 = 0.9;
  const double beta2 = 0.99;
  const double rate = 0.01;
  const double weight_decay = 0.1;
  const double epsilon = 1e-8;
  const std::array<double, 2> gradients = {0.5, -0.25};
  double value = 2;
  double m = 0;
  double v = 0;
  double average = 2;
  float value_f = 2;
  float first = 0;
  float second = 0;
  float average_f = 2;
  for (int t = 1; t <= 2; ++t) {
    const double g = 0.5 * gradients[static_cast<size_t>(t - 1)];  // clipped to half
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    value -= rate * weight_decay * value;
    value -= rate * (m / (1 - std::pow(beta1, t))) / (std::sqrt(v / (1 - std::pow(beta2, t))) + epsilon);
    average += 0.2 * (value - average);
    const AdamWStep step = {0.5F,
                            static_cast<float>(1 - rate * weight_decay),
                            0.9F,
                            0.99F,
                            static_cast<float>(rate / (1 - std::pow(beta1, t))),
                            static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, t))),
                            1e-8F,
                            0.2F};
    const auto gradient = static_cast<float>(gradients[static_cast<size_t>(t - 1)]);
    adamw_update(step, &gradient, &value_f, &first, &second, &average_f, 1);
  }
  EXPECT_NEAR(value_f, value, 1e-6);
  EXPECT_NEAR(first, m, 1e-7);
  EXPECT_NEAR(second, v, 1e-7);
  EXPECT_NEAR(average_f, average, 1e-6);
}

}  // namespace
}  // namespace difflm
