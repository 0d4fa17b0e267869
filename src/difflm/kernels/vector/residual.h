// Steps of the residual stream: the backward pass of dropout, sums, and column sums, which are gradients of biases.
//
// Works on the calling thread; parallel.h hands out shares of rows.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/dropout.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

// Backward of adding a branch with dropout (epilogue.h): d_branch in bfloat16 from d_hidden [rows,width], whose first row is row
// `first`; sums [width] gains its column sums.
void drop_rows(const float* d_hidden, int64_t rows, int64_t width, int64_t first, const Dropout& dropout, Bfloat16* d_branch,
               float* sums);

// sum = left + right; `sum` may be `left`.
void add_to_float(const float* left, const Bfloat16* right, int64_t count, float* sum);

// sums [width] gains the column sums of values [rows,width].
void add_column_sums(const Bfloat16* values, int64_t rows, int64_t width, float* sums);

}  // namespace difflm::DIFFLM_LEVEL
