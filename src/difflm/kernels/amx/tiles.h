// The matrix unit AMX (Intel, Architecture Instruction Set Extensions): eight registers of 16 rows x 64 bytes. One instruction adds
// the product of a left tile [16 rows, 32 inner] and a right tile [32 inner, 16 columns] in bfloat16 to a float32 tile
// [16 rows, 16 columns].
//
// A left tile is 16 rows of 64 bytes, which may lie in any row-major array. A right tile is 1 KB: line p holds, for 16 columns, the
// pair of inner values 2p and 2p + 1. Included only by what is compiled for AMX.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "difflm/kernels/bfloat16.h"

namespace difflm::amx {

constexpr int64_t kTile = 16;          // rows or columns of a tile
constexpr int64_t kInner = 32;         // inner values of a tile
constexpr int64_t kBlock = 2 * kTile;  // rows and columns that are worked on at a time: four results
constexpr int64_t kTileValues = kTile * kInner;

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t tiles_of(int64_t count, int64_t size) { return (count + size - 1) / size; }

// The calling thread's matrix registers, all of full size, while it lives. The kernel of the operating system must have allowed
// their use (processor.cpp).
class TileScope {
 public:
  [[gnu::always_inline]] TileScope() {
    alignas(64) Configuration full;
    for (int i = 0; i < 8; ++i) {
      full.row_bytes[i] = 64;
      full.rows[i] = kTile;
    }
    // g++ 12 believes that the instruction reads only the first 8 bytes and may drop the rest.
    asm volatile("" : : "r"(&full) : "memory");
    _tile_loadconfig(&full);
  }
  [[gnu::always_inline]] ~TileScope() { _tile_release(); }
  TileScope(const TileScope&) = delete;
  TileScope& operator=(const TileScope&) = delete;

 private:
  struct Configuration {
    uint8_t palette = 1;
    uint8_t start_row = 0;
    uint8_t reserved[14] = {};
    uint16_t row_bytes[16] = {};
    uint8_t rows[16] = {};
  };
};

// Two tiles side by side along the inner or the other axis: where the second lies from the first, and the next inner step.
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

// block [32,32] (+)= left . right over `steps` tiles of the inner axis; rows of the block lie block_step apart.
//
// beside(step) is called behind the products of each step: the matrix unit works 64 cycles on them, in which other units can do
// something else (it gains 5 to 10% of a product with its epilogue; vector instructions find one of their two ports taken
// meanwhile).
template <class Beside>
[[gnu::always_inline]] inline void multiply_block(const LeftRows& left, const RightTiles& right, int64_t steps, bool accumulate,
                                                  float* block, int64_t block_step, const Beside& beside) {
  // g++ 12 does not know that tiles are loaded from memory and might store operands later.
  asm volatile("" : : : "memory");
  const int64_t block_bytes = block_step * static_cast<int64_t>(sizeof(float));
  const int64_t left_bytes = left.row_step * static_cast<int64_t>(sizeof(Bfloat16));
  float* below = block + kTile * block_step;
  if (accumulate) {
    _tile_loadd(0, block, block_bytes);
    _tile_loadd(1, block + kTile, block_bytes);
    _tile_loadd(2, below, block_bytes);
    _tile_loadd(3, below + kTile, block_bytes);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  const Bfloat16* rows = left.values;
  const Bfloat16* columns = right.values;
  for (int64_t step = 0; step < steps; ++step) {
    _tile_loadd(4, rows, left_bytes);
    _tile_loadd(6, columns, 64);
    _tile_loadd(7, columns + right.next, 64);
    _tile_loadd(5, rows + left.lower, left_bytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
    rows += left.inner_step;
    columns += right.inner_step;
    beside(step);
  }
  _tile_stored(0, block, block_bytes);
  _tile_stored(1, block + kTile, block_bytes);
  _tile_stored(2, below, block_bytes);
  _tile_stored(3, below + kTile, block_bytes);
}

[[gnu::always_inline]] inline void multiply_block(const LeftRows& left, const RightTiles& right, int64_t steps, bool accumulate,
                                                  float* block, int64_t block_step) {
  multiply_block(left, right, steps, accumulate, block, block_step, [](int64_t) {});
}

}  // namespace difflm::amx
