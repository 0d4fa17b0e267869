#include "difflm/kernels/vector/rounding.h"

namespace difflm::DIFFLM_LEVEL {

void round_to_bfloat16(const float* __restrict values, int64_t count, Bfloat16* __restrict result) {
  for (int64_t i = 0; i < count; ++i) result[i] = to_bfloat16(values[i]);
}

void widen_to_float(const Bfloat16* __restrict values, int64_t count, float* __restrict result) {
  for (int64_t i = 0; i < count; ++i) result[i] = to_float(values[i]);
}

void split_bfloat16(const float* __restrict values, int64_t count, Bfloat16* __restrict high, Bfloat16* __restrict low) {
  for (int64_t i = 0; i < count; ++i) {
    high[i] = to_bfloat16(values[i]);
    low[i] = to_bfloat16(values[i] - to_float(high[i]));
  }
}

}  // namespace difflm::DIFFLM_LEVEL
