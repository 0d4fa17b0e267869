// The matrix unit AMX (Intel, Architecture Instruction Set Extensions): eight registers of 16 rows x 64 bytes. One instruction adds
// the product of a left tile and a right tile to a float32 tile [16 rows, 16 columns].
#pragma once

#include "difflm/kernels/tiled/tiles.h"

namespace difflm::DIFFLM_LEVEL {

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

// block [32,32] (+)= left . right over `steps` tiles of the inner axis; rows of the block are block_step apart.
//
// beside(step) is called after the products of each step: the matrix unit works on them for 64 cycles, in which other units can do
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

}  // namespace difflm::DIFFLM_LEVEL
