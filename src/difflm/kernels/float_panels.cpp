#include "difflm/kernels/float_panels.h"

#include "difflm/kernels/parallel.h"

namespace difflm {

float* FloatPanels::resize(const VectorKernels& vector, int64_t inner, int64_t columns) {
  inner_ = inner;
  columns_ = columns;
  const int64_t width = vector.panel_columns();
  panels_ = (columns + width - 1) / width;
  return values_.get(panels_ * width * inner);
}

void FloatPanels::fill(const VectorKernels& vector, const float* right, bool transposed, int64_t inner, int64_t columns) {
  float* values = resize(vector, inner, columns);
  for_shares(panels_, 1,
             [&](int64_t begin, int64_t end, int) { vector.pack_panels(right, transposed, inner, columns, begin, end, values); });
}

void FloatPanels::fill(const VectorKernels& vector, const Bfloat16* right, bool transposed, int64_t inner, int64_t columns) {
  float* values = resize(vector, inner, columns);
  for_shares(panels_, 1, [&](int64_t begin, int64_t end, int) {
    vector.pack_bfloat16_panels(right, transposed, inner, columns, begin, end, values);
  });
}

void FloatPanels::multiply(const VectorKernels& vector, const float* left, int64_t rows, float* result) const {
  constexpr int64_t kGrain = 12;  // rows that one pass over a panel takes
  if (rows >= 4 * kGrain * thread_count() || panels_ == 1) {
    for_shares(rows, kGrain, [&](int64_t begin, int64_t end, int) {
      vector.multiply_panels(left + begin * inner_, end - begin, values_.data(), inner_, columns_, 0, panels_,
                             result + begin * columns_);
    });
    return;
  }
  for_shares(panels_, 1, [&](int64_t begin, int64_t end, int) {
    vector.multiply_panels(left, rows, values_.data(), inner_, columns_, begin, end, result);
  });
}

}  // namespace difflm
