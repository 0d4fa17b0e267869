// Layer normalisation of rows and its backward pass (Ba et al. 2016, arXiv 1607.06450), with or without scale and shift.
//
// Works on the calling thread; parallel.h hands out shares of rows.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

// normal [rows,width] = (hidden - mean) / standard deviation per row, without scale and shift; `inverse` [rows] gets 1 / standard
// deviation.
void normalise_rows(const float* hidden, int64_t rows, int64_t width, float epsilon, Bfloat16* normal, float* inverse);

// The same with scale and shift, to float32 [rows,width], which may be `hidden` itself; `normal` and `inverse` may be null where no
// backward pass follows.
void normalise_rows_to_float(const float* hidden, int64_t rows, int64_t width, float epsilon, const float* scale,
                             const float* shift, Bfloat16* normal, float* inverse, float* result);

// Backward of normalise_rows: d_hidden (+)= that of d_normal; also stored in bfloat16. `sums` [width] gains the column sums of the
// new d_hidden, the bias gradient of the linear layer that wrote this hidden state.
void normalise_rows_backward(const Bfloat16* d_normal, const Bfloat16* normal, const float* inverse, int64_t rows, int64_t width,
                             float* d_hidden, Bfloat16* d_hidden_short, float* sums);

// Backward of normalise_rows_to_float, where the gradient of its result is d_result + d_more (null for none): writes d_hidden
// (which may be d_result), also in bfloat16; adds to d_scale, d_shift and `sums` [width].
void normalise_rows_to_float_backward(const float* d_result, const Bfloat16* d_more, const Bfloat16* normal, const float* inverse,
                                      const float* scale, int64_t rows, int64_t width, float* d_hidden, Bfloat16* d_hidden_short,
                                      float* d_scale, float* d_shift, float* sums);

}  // namespace difflm::DIFFLM_LEVEL
