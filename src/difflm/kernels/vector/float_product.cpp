#include "difflm/kernels/vector/float_product.h"

#include "difflm/kernels/vector/lanes.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

constexpr int64_t kColumns = 2 * kLanes;
constexpr int64_t kRows = kLanes == 16 ? 12 : 6;  // as many sums as the registers hold beside two vectors of the right operand

[[gnu::always_inline]] inline float as_float(float value) { return value; }
[[gnu::always_inline]] inline float as_float(Bfloat16 value) { return to_float(value); }

template <class Value>
void pack(const Value* right, bool transposed, int64_t inner, int64_t columns, int64_t begin, int64_t end, float* panels) {
  for (int64_t panel = begin; panel < end; ++panel) {
    float* to = panels + panel * inner * kColumns;
    const int64_t first = panel * kColumns;
    const int64_t count = columns - first < kColumns ? columns - first : kColumns;
    const int64_t row = transposed ? 1 : columns;
    const int64_t column = transposed ? inner : 1;
    for (int64_t k = 0; k < inner; ++k, to += kColumns) {
      for (int64_t i = 0; i < count; ++i) to[i] = as_float(right[k * row + (first + i) * column]);
      for (int64_t i = count; i < kColumns; ++i) to[i] = 0;
    }
  }
}

// kCount rows of a panel's columns; `count` of these are there.
template <int64_t kCount>
void multiply_rows(const float* left, const float* panel, int64_t inner, int64_t columns, int64_t count, float* result) {
  Lanes sums[kCount][2] = {};
  for (int64_t k = 0; k < inner; ++k) {
    const Lanes first = load(panel + k * kColumns);
    const Lanes second = load(panel + k * kColumns + kLanes);
#pragma GCC unroll 12
    for (int64_t row = 0; row < kCount; ++row) {
      const Lanes value = spread(left[row * inner + k]);
      sums[row][0] += value * first;
      sums[row][1] += value * second;
    }
  }
  for (int64_t row = 0; row < kCount; ++row) {
    float* to = result + row * columns;
    if (count == kColumns) {
      store(sums[row][0], to);
      store(sums[row][1], to + kLanes);
    } else {
      store(sums[row][0], to, count < kLanes ? count : kLanes);
      if (count > kLanes) store(sums[row][1], to + kLanes, count - kLanes);
    }
  }
}

// At most kCount rows.
template <int64_t kCount>
void multiply_last(const float* left, int64_t rows, const float* panel, int64_t inner, int64_t columns, int64_t count,
                   float* result) {
  if (rows == kCount) return multiply_rows<kCount>(left, panel, inner, columns, count, result);
  if constexpr (kCount > 1) multiply_last<kCount - 1>(left, rows, panel, inner, columns, count, result);
}

}  // namespace

int64_t panel_columns() { return kColumns; }

void pack_panels(const float* right, bool transposed, int64_t inner, int64_t columns, int64_t begin, int64_t end, float* panels) {
  pack(right, transposed, inner, columns, begin, end, panels);
}

void pack_bfloat16_panels(const Bfloat16* right, bool transposed, int64_t inner, int64_t columns, int64_t begin, int64_t end,
                          float* panels) {
  pack(right, transposed, inner, columns, begin, end, panels);
}

void multiply_panels(const float* left, int64_t rows, const float* panels, int64_t inner, int64_t columns, int64_t begin,
                     int64_t end, float* result) {
  constexpr int64_t kLeftValues = 1 << 16;  // 256 KB, which stay in the second-level cache while all panels pass
  const int64_t fitting = kLeftValues / inner / kRows * kRows;
  const int64_t most = fitting < 4 * kRows ? 4 * kRows : fitting;
  for (int64_t first = 0; first < rows; first += most) {
    const int64_t last = first + most < rows ? first + most : rows;
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t column = panel * kColumns;
      const int64_t count = columns - column < kColumns ? columns - column : kColumns;
      const float* right = panels + panel * inner * kColumns;
      for (int64_t row = first; row < last; row += kRows) {
        multiply_last<kRows>(left + row * inner, last - row < kRows ? last - row : kRows, right, inner, columns, count,
                             result + row * columns + column);
      }
    }
  }
}

}  // namespace difflm::DIFFLM_LEVEL
