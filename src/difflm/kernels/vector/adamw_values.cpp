#include "difflm/kernels/vector/adamw_values.h"

namespace difflm::DIFFLM_LEVEL {

void adamw_values(const AdamWStep& step, const float* __restrict gradients, float* __restrict values, float* __restrict first,
                  float* __restrict second, float* __restrict average, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const float gradient = gradients[i] * step.gradient_scale;
    const float m = step.beta1 * first[i] + (1 - step.beta1) * gradient;
    const float v = step.beta2 * second[i] + (1 - step.beta2) * gradient * gradient;
    const float value = values[i] * step.decay - step.rate * m / (__builtin_sqrtf(v) * step.second_scale + step.epsilon);
    first[i] = m;
    second[i] = v;
    values[i] = value;
    average[i] = step.average_weight == 1 ? value : average[i] + step.average_weight * (value - average[i]);
  }
}

}  // namespace difflm::DIFFLM_LEVEL
