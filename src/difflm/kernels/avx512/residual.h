// Sums into and out of the residual stream, with dropout, and column sums, which are gradients of biases.
//
// Works on the calling thread (parallel.h gives out shares of rows); compiled for AVX512, see kernels/processor.h.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/dropout.h"

namespace difflm {

// hidden += dropped(branch); `first` is the place of the first value in the whole array.
void add_dropped(const float* branch, int64_t count, int64_t first, const Dropout& dropout, float* hidden);

// Backward of add_dropped: d_branch in bfloat16 from d_hidden [rows,width], whose first row is row `first`; sums [width] gains its
// column sums.
void drop_rows(const float* d_hidden, int64_t rows, int64_t width, int64_t first, const Dropout& dropout, Bfloat16* d_branch,
               float* sums);

// sum = left + right; `sum` may be `left`.
void add_to_float(const float* left, const Bfloat16* right, int64_t count, float* sum);

// sums [width] gains the column sums of values [rows,width].
void add_column_sums(const Bfloat16* values, int64_t rows, int64_t width, float* sums);

}  // namespace difflm
