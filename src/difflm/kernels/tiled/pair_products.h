// Blocks by the AVX512 instruction that adds to each of 16 float32 lanes the products of two pairs in bfloat16 (VDPBF16PS: Intel
// since Cooper Lake, AMD since Zen 4).
//
// Eight rows with 32 columns are processed at a time: their sixteen sums stay in registers, two loads of a right tile serve all
// eight, and a load of a left pair, spread over the lanes, serves two sums. So the two multipliers are fed by ten loads for sixteen
// products.
#pragma once

#include "difflm/kernels/tiled/tiles.h"

namespace difflm::DIFFLM_LEVEL {

// There is nothing to set up, as there is for the matrix unit.
class TileScope {
 public:
  TileScope() = default;
  [[gnu::always_inline]] ~TileScope() {}  // NOLINT(modernize-use-equals-default): a variable of this type is not unused
  TileScope(const TileScope&) = delete;
  TileScope& operator=(const TileScope&) = delete;
};

constexpr int64_t kRowsAtATime = 8;

// The inner pair at `from`, spread over all lanes.
[[gnu::always_inline]] inline __m512bh spread_pair(const Bfloat16* from) {
  int32_t pair;
  __builtin_memcpy(&pair, from, sizeof(pair));
  return reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair));
}

// Eight rows of the block below. A function of its own, or what surrounds it takes registers from the sums.
[[gnu::noinline]] inline void multiply_rows(const Bfloat16* rows, const LeftRows& left, const RightTiles& right, int64_t steps,
                                            bool accumulate, float* block, int64_t block_step) {
  __m512 sums[kRowsAtATime][2];
  for (int64_t i = 0; i < kRowsAtATime; ++i) {
    sums[i][0] = accumulate ? _mm512_loadu_ps(block + i * block_step) : _mm512_setzero_ps();
    sums[i][1] = accumulate ? _mm512_loadu_ps(block + i * block_step + kTile) : _mm512_setzero_ps();
  }
  const Bfloat16* columns = right.values;
  for (int64_t step = 0; step < steps; ++step) {
#pragma GCC unroll 4
    for (int64_t p = 0; p < kTile; ++p) {
      const auto first = reinterpret_cast<__m512bh>(_mm512_loadu_si512(columns + p * kInner));
      const auto second = reinterpret_cast<__m512bh>(_mm512_loadu_si512(columns + right.next + p * kInner));
#pragma GCC unroll 8
      for (int64_t i = 0; i < kRowsAtATime; ++i) {
        const __m512bh pair = spread_pair(rows + i * left.row_step + 2 * p);
        sums[i][0] = _mm512_dpbf16_ps(sums[i][0], pair, first);
        sums[i][1] = _mm512_dpbf16_ps(sums[i][1], pair, second);
      }
    }
    rows += left.inner_step;
    columns += right.inner_step;
  }
  for (int64_t i = 0; i < kRowsAtATime; ++i) {
    _mm512_storeu_ps(block + i * block_step, sums[i][0]);
    _mm512_storeu_ps(block + i * block_step + kTile, sums[i][1]);
  }
}

// block [32,32] (+)= left . right over `steps` tiles of the inner axis; rows of the block are block_step apart. beside(step) is
// called once for each step, after the products: it does the work that other units do beside the matrix unit.
template <class Beside>
[[gnu::always_inline]] inline void multiply_block(const LeftRows& left, const RightTiles& right, int64_t steps, bool accumulate,
                                                  float* block, int64_t block_step, const Beside& beside) {
  for (int64_t row = 0; row < kBlock; row += kRowsAtATime) {
    const Bfloat16* rows = left.values + row / kTile * left.lower + row % kTile * left.row_step;
    multiply_rows(rows, left, right, steps, accumulate, block + row * block_step, block_step);
  }
  for (int64_t step = 0; step < steps; ++step) beside(step);
}

}  // namespace difflm::DIFFLM_LEVEL
