#include "difflm/kernels/avx512/gelu.h"

#include "difflm/kernels/avx512/vector_math.h"

namespace difflm {

void gelu(const Bfloat16* __restrict values, int64_t count, Bfloat16* __restrict result) {
  for (int64_t i = 0; i < count; ++i) {
    const float x = to_float(values[i]);
    result[i] = to_bfloat16(x * normal_point(x).below);
  }
}

void gelu_backward(const Bfloat16* values, int64_t rows, int64_t width, Bfloat16* d_result, Bfloat16* result,
                   float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const Bfloat16* __restrict in = values + row * width;
    Bfloat16* __restrict slope = d_result + row * width;
    Bfloat16* __restrict out = result + row * width;
    for (int64_t i = 0; i < width; ++i) {
      const float x = to_float(in[i]);
      const NormalPoint point = normal_point(x);
      const float d = to_float(slope[i]) * (point.below + x * point.density);
      out[i] = to_bfloat16(x * point.below);
      slope[i] = to_bfloat16(d);
      sums[i] += d;
    }
  }
}

}  // namespace difflm
