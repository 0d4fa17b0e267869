// Rotary positions (Su et al. 2021, arXiv 2104.09864).
//
// Works on the calling thread; parallel.h hands out shares of rows.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

// Rotates pairs of channels (i, half + i) of every head by the angle of their position (rotary positions): states of `rows` rows
// that are `step` apart, `heads` heads of `head_size`; row r is at position (first + r) % length. cosine and sine are
// [length,half]. `sign` -1 rotates back.
void rotate_rows(Bfloat16* states, int64_t rows, int64_t step, int64_t first, int64_t length, int64_t heads, int64_t head_size,
                 const float* cosine, const float* sine, int64_t half, float sign);

}  // namespace difflm::DIFFLM_LEVEL
