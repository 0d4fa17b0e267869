// Arrays of float32 to bfloat16 and back.
//
// Works on the calling thread; parallel.h hands out shares of rows.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

void round_to_bfloat16(const float* values, int64_t count, Bfloat16* result);

void widen_to_float(const Bfloat16* values, int64_t count, float* result);

// Each value as the sum of two bfloat16 numbers, high + low, which together hold 16 bits of it.
void split_bfloat16(const float* values, int64_t count, Bfloat16* high, Bfloat16* low);

}  // namespace difflm::DIFFLM_LEVEL
