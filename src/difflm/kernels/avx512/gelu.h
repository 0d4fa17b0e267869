// The GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415), exact.
//
// Works on the calling thread (parallel.h gives out shares of rows); compiled for AVX512, see kernels/processor.h.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"

namespace difflm {

// Exact GELU x Phi(x), the error function to 2e-7.
void gelu(const Bfloat16* values, int64_t count, Bfloat16* result);

// d_values = d_result * gelu'(values), written over d_result; `result` gets gelu(values) once more, so that the forward pass need
// not keep it. `sums` [width] gains the column sums of d_values.
void gelu_backward(const Bfloat16* values, int64_t rows, int64_t width, Bfloat16* d_result, Bfloat16* result, float* sums);

}  // namespace difflm
