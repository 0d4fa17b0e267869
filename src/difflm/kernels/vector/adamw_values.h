// The update of AdamW (kernels/adamw.h) on arrays of values.
//
// Works on the calling thread; parallel.h hands out shares.
#pragma once

#include <cstdint>

#include "difflm/kernels/adamw.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

void adamw_values(const AdamWStep& step, const float* gradients, float* values, float* first, float* second, float* average,
                  int64_t count);

}  // namespace difflm::DIFFLM_LEVEL
