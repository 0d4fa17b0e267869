#include "difflm/kernels/vector/folded_weight.h"

namespace difflm::DIFFLM_LEVEL {

void fold_weight(const float* weight, const float* bias, const float* __restrict scale, const float* __restrict shift, int64_t rows,
                 int64_t inner, Bfloat16* folded, float* folded_bias) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict in = weight + row * inner;
    Bfloat16* __restrict out = folded + row * inner;
    float moved = 0;
#pragma omp simd reduction(+ : moved)
    for (int64_t i = 0; i < inner; ++i) {
      out[i] = to_bfloat16(in[i] * scale[i]);
      moved += in[i] * shift[i];
    }
    folded_bias[row] = bias[row] + moved;
  }
}

void fold_weight_backward(const float* weight, const float* __restrict scale, const float* __restrict shift, const float* d_folded,
                          const float* d_bias, int64_t rows, int64_t inner, float* d_weight, float* __restrict d_scale,
                          float* __restrict d_shift) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict in = weight + row * inner;
    const float* __restrict slope = d_folded + row * inner;
    float* __restrict out = d_weight + row * inner;
    const float moved = d_bias[row];
    for (int64_t i = 0; i < inner; ++i) {
      out[i] += slope[i] * scale[i] + moved * shift[i];
      d_scale[i] += in[i] * slope[i];
      d_shift[i] += in[i] * moved;
    }
  }
}

}  // namespace difflm::DIFFLM_LEVEL
