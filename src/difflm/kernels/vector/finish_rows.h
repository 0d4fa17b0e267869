// The epilogue of a product that a library has computed.
//
// Works on the calling thread; parallel.h hands out shares of rows.
#pragma once

#include "difflm/kernels/epilogue.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

// Rows `row` .. row + rows - 1 of the whole, which are in product [rows, columns]; column_sums [columns] or null.
void finish_rows(const Epilogue& epilogue, const float* product, int64_t row, int64_t rows, float* column_sums);

}  // namespace difflm::DIFFLM_LEVEL
