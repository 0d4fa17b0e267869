// A linear layer that absorbs the scale and shift of the norm before it: W (scale x + shift) + b = (W scale) x + (b + W shift).
//
// Works on the calling thread; parallel.h hands out shares of rows.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

// A weight [rows,inner] after a scale and a shift [inner] of its input, folded into one: weight * scale, and bias + weight . shift.
void fold_weight(const float* weight, const float* bias, const float* scale, const float* shift, int64_t rows, int64_t inner,
                 Bfloat16* folded, float* folded_bias);

// Backward of fold_weight, from d_folded [rows,inner] and d_bias [rows]: adds to d_weight, d_scale and d_shift [inner].
void fold_weight_backward(const float* weight, const float* scale, const float* shift, const float* d_folded, const float* d_bias,
                          int64_t rows, int64_t inner, float* d_weight, float* d_scale, float* d_shift);

}  // namespace difflm::DIFFLM_LEVEL
