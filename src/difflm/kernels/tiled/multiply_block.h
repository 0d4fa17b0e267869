// Products of blocks by the best means of the level that is compiled.
#pragma once

#ifdef __AMX_BF16__
#include "difflm/kernels/tiled/matrix_unit.h"
#else
#include "difflm/kernels/tiled/pair_products.h"
#endif

namespace difflm::DIFFLM_LEVEL {

[[gnu::always_inline]] inline void multiply_block(const LeftRows& left, const RightTiles& right, int64_t steps, bool accumulate,
                                                  float* block, int64_t block_step) {
  multiply_block(left, right, steps, accumulate, block, block_step, [](int64_t) {});
}

}  // namespace difflm::DIFFLM_LEVEL
