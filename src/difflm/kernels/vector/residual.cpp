#include "difflm/kernels/vector/residual.h"

namespace difflm::DIFFLM_LEVEL {

void drop_rows(const float* d_hidden, int64_t rows, int64_t width, int64_t first, const Dropout& dropout, Bfloat16* d_branch,
               float* __restrict sums) {
  const DropoutMask mask(dropout);
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict in = d_hidden + row * width;
    Bfloat16* __restrict out = d_branch + row * width;
    const auto start = static_cast<uint32_t>((first + row) * width);
    for (int64_t i = 0; i < width; ++i) {
      const float d = mask.factor(start + static_cast<uint32_t>(i)) * in[i];
      out[i] = to_bfloat16(d);
      sums[i] += d;
    }
  }
}

// No __restrict: `sum` may be `left`.
void add_to_float(const float* left, const Bfloat16* right, int64_t count, float* sum) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) sum[i] = left[i] + to_float(right[i]);
}

void add_column_sums(const Bfloat16* values, int64_t rows, int64_t width, float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const Bfloat16* __restrict in = values + row * width;
    for (int64_t i = 0; i < width; ++i) sums[i] += to_float(in[i]);
  }
}

}  // namespace difflm::DIFFLM_LEVEL
