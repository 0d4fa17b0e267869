#include "difflm/kernels/vector/rotary.h"

namespace difflm::DIFFLM_LEVEL {

void rotate_rows(Bfloat16* states, int64_t rows, int64_t step, int64_t first, int64_t length, int64_t heads, int64_t head_size,
                 const float* cosine, const float* sine, int64_t half, float sign) {
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t at = (first + row) % length;
    const float* __restrict c = cosine + at * half;
    const float* __restrict s = sine + at * half;
    for (int64_t head = 0; head < heads; ++head) {
      Bfloat16* __restrict left = states + row * step + head * head_size;
      Bfloat16* __restrict right = left + half;
      for (int64_t i = 0; i < half; ++i) {
        const float x = to_float(left[i]);
        const float y = to_float(right[i]);
        left[i] = to_bfloat16(x * c[i] - sign * y * s[i]);
        right[i] = to_bfloat16(sign * x * s[i] + y * c[i]);
      }
    }
  }
}

}  // namespace difflm::DIFFLM_LEVEL
