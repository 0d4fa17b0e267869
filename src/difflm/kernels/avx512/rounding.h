// Arrays of float32 to bfloat16.
//
// Works on the calling thread (parallel.h gives out shares of rows); compiled for AVX512, see kernels/processor.h.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"

namespace difflm {

void round_to_bfloat16(const float* values, int64_t count, Bfloat16* result);

// Each value as the sum of two bfloat16 numbers, high + low, which together hold 16 bits of it.
void split_bfloat16(const float* values, int64_t count, Bfloat16* high, Bfloat16* low);

}  // namespace difflm
