// Matrix products in float32, with the right operand in panels: as many columns as two vectors hold, [inner, 2 kLanes] each, the
// last one padded. A value is the sum over `inner` in one order, wherever its row stands and however many rows there are. Libraries
// sum the last rows of a product, and products of few rows, in another order; then a text depends on the others of
// its batch (He et al. 2025, Defeating Nondeterminism in LLM Inference). About as fast as oneDNN at our sizes
// (docs/performance.md).
//
// Works on the calling thread; float_panels.h hands out shares.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

int64_t panel_columns();

// Panels begin .. end of right [inner, columns], or of its transpose: right is then stored [columns, inner].
void pack_panels(const float* right, bool transposed, int64_t inner, int64_t columns, int64_t begin, int64_t end, float* panels);
void pack_bfloat16_panels(const Bfloat16* right, bool transposed, int64_t inner, int64_t columns, int64_t begin, int64_t end,
                          float* panels);

// result [rows, columns] = left [rows, inner] . right, for the columns of panels begin .. end.
void multiply_panels(const float* left, int64_t rows, const float* panels, int64_t inner, int64_t columns, int64_t begin,
                     int64_t end, float* result);

}  // namespace difflm::DIFFLM_LEVEL
