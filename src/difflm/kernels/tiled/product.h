// Matrix products in tiles (tiles.h): a linear layer with its epilogue, and the gradient of its weight.
//
// Operands are laid out once, so that the inner loop is loads and products only, and a block of the result goes through its
// epilogue while it is in cache. On the shapes of small transformers this is twice as fast as oneDNN 2.6, which Debian 12
// has (docs/performance.md).
//
// All functions work on the calling thread; their callers hand out shares.
#pragma once

#include <cstdint>

#include "difflm/kernels/epilogue.h"
#include "difflm/kernels/vector/level.h"

namespace difflm {

// How a weight [outputs, inputs] is laid out in right tiles for left . weight^T (forward) or left . weight (backward): blocks
// of 32 columns, each of steps of 32 inner values, each of two tiles.
struct PackedShape {
  int64_t inner = 0;
  int64_t columns = 0;
  [[gnu::always_inline]] int64_t steps() const { return (inner + 31) / 32; }
  [[gnu::always_inline]] int64_t blocks() const { return (columns + 31) / 32; }
  [[gnu::always_inline]] int64_t values() const { return blocks() * steps() * 1024; }
};

// A part of left [rows, inner] . right [inner, columns].
struct ProductShare {
  const Bfloat16* left = nullptr;  // dense
  int64_t rows = 0;
  const Bfloat16* tiles = nullptr;
  PackedShape right;
  int64_t row_begin = 0;  // multiples of 32
  int64_t row_end = 0;
  int64_t block_begin = 0;  // of 32 columns
  int64_t block_end = 0;
};

namespace DIFFLM_LEVEL {

// Blocks begin .. end - 1 of the tiles for left . weight^T. Those for left . weight are the right operand of a gradient, below.
void pack_forward(const Bfloat16* weight, int64_t outputs, int64_t inputs, int64_t begin, int64_t end, Bfloat16* tiles);

// Bfloat16 values of scratch that multiply_share needs.
int64_t product_scratch(const PackedShape& right);

// Adds to column_sums [columns] where the epilogue has sums.
void multiply_share(const ProductShare& share, const Epilogue& epilogue, float* column_sums, Bfloat16* scratch);

// values [rows, columns] as the operands of values_left^T . values_right, summed over rows: blocks of 32 columns, in each
// [2][steps] left tiles or [steps][2] right tiles. Makes steps begin .. end - 1 of ceil(rows / 32) of all blocks.
void pack_gradient_left(const Bfloat16* values, int64_t rows, int64_t columns, int64_t begin, int64_t end, Bfloat16* tiles);
void pack_gradient_right(const Bfloat16* values, int64_t rows, int64_t columns, int64_t begin, int64_t end, Bfloat16* tiles);

// Rows of left blocks begin .. end - 1 of gradient [outputs, inputs] (+)= left^T . right.
void weight_gradient_share(const Bfloat16* left_tiles, const Bfloat16* right_tiles, int64_t rows, int64_t outputs, int64_t inputs,
                           int64_t begin, int64_t end, bool accumulate, float* gradient);

}  // namespace DIFFLM_LEVEL
}  // namespace difflm
