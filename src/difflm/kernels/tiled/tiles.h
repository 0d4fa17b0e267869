// Tiles: how matrices in bfloat16 are laid out for products that are computed in blocks of 32 rows and 32 columns.
//
// A left tile is 16 rows of 32 inner values, 64 bytes each, which may be part of any row-major array. A right tile is [32 inner, 16
// columns] in 1 KB: line p holds, for 16 columns, the pair of inner values 2p and 2p + 1. Intel's matrix unit needs this layout
// (matrix_unit.h), and so does the AVX512 instruction that adds the products of pairs (pair_products.h).
//
// The files of this folder are compiled once for each level of instructions that multiplies in bfloat16, each time into a namespace
// of that name (vector/level.h).
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

constexpr int64_t kTile = 16;          // rows or columns of a tile
constexpr int64_t kInner = 32;         // inner values of a tile
constexpr int64_t kBlock = 2 * kTile;  // rows and columns processed at a time: four result tiles
constexpr int64_t kTileValues = kTile * kInner;

[[gnu::always_inline]] inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
[[gnu::always_inline]] inline int64_t tiles_of(int64_t count, int64_t size) { return (count + size - 1) / size; }

// Two tiles side by side along the inner or the other axis: the offsets of the second from the first, and of the next inner step.
struct LeftRows {
  const Bfloat16* values;  // row 0
  int64_t row_step;        // values from row to row
  int64_t lower;           // values from row 0 to row 16
  int64_t inner_step;      // values from one tile to the next along the inner axis
};

struct RightTiles {
  const Bfloat16* values;
  int64_t next;        // values from the tile of columns 0..15 to that of columns 16..31
  int64_t inner_step;  // values from one tile to the next along the inner axis
};

}  // namespace difflm::DIFFLM_LEVEL
