#include "difflm/kernels/adamw.h"

#include <cmath>

#include "difflm/kernels/parallel.h"

namespace difflm {

namespace {

void update_share(const AdamWStep& step, const float* __restrict gradients, float* __restrict values, float* __restrict first,
                  float* __restrict second, float* __restrict average, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const float gradient = gradients[i] * step.gradient_scale;
    const float m = step.beta1 * first[i] + (1 - step.beta1) * gradient;
    const float v = step.beta2 * second[i] + (1 - step.beta2) * gradient * gradient;
    const float value = values[i] * step.decay - step.rate * m / (std::sqrt(v) * step.second_scale + step.epsilon);
    first[i] = m;
    second[i] = v;
    values[i] = value;
    average[i] += step.average_weight * (value - average[i]);
  }
}

}  // namespace

void adamw_update(const AdamWStep& step, const float* gradients, float* values, float* first, float* second, float* average,
                  int64_t count) {
  constexpr int64_t kGrain = 1 << 15;  // values a thread takes at least
  for_shares(count, kGrain, [&](int64_t begin, int64_t end, int) {
    update_share(step, gradients + begin, values + begin, first + begin, second + begin, average + begin, end - begin);
  });
}

}  // namespace difflm
