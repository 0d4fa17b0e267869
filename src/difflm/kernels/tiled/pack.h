// Rows of bfloat16 put into tiles (tiles.h), one tile per call; what lies beyond the given rows and columns
// becomes zero, so that sizes need not be multiples of a tile.
#pragma once

#include "difflm/kernels/tiled/tiles.h"

namespace difflm::DIFFLM_LEVEL {

[[gnu::always_inline]] inline __m512i load_words(const Bfloat16* from, int64_t count) {
  if (count >= kInner) return _mm512_loadu_si512(from);
  return _mm512_maskz_loadu_epi16(count <= 0 ? 0U : (1U << count) - 1U, from);
}

// lines[i] of 16 dwords becomes dword i of 16 lines.
[[gnu::always_inline]] inline void transpose(__m512i lines[16]) {
  __m512i pairs[16];
  for (int i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(lines[i], lines[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(lines[i], lines[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    lines[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
    lines[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
    lines[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    lines[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    pairs[i] = _mm512_shuffle_i32x4(lines[i], lines[i + 4], 0x88);
    pairs[i + 4] = _mm512_shuffle_i32x4(lines[i], lines[i + 4], 0xDD);
    pairs[i + 8] = _mm512_shuffle_i32x4(lines[i + 8], lines[i + 12], 0x88);
    pairs[i + 12] = _mm512_shuffle_i32x4(lines[i + 8], lines[i + 12], 0xDD);
  }
  for (int i = 0; i < 8; ++i) {
    lines[i] = _mm512_shuffle_i32x4(pairs[i], pairs[i + 8], 0x88);
    lines[i + 8] = _mm512_shuffle_i32x4(pairs[i], pairs[i + 8], 0xDD);
  }
}

// Lines p of 16 columns with the pairs of rows 2p, 2p + 1 of from [rows <= 32, columns <= 16], whose rows are `step` apart.
[[gnu::always_inline]] inline void interleave(const Bfloat16* from, int64_t step, int64_t rows, int64_t columns,
                                              __m512i lines[16]) {
  const auto mask = static_cast<__mmask16>(columns >= kTile ? 0xFFFFU : columns <= 0 ? 0U : (1U << columns) - 1U);
  const auto row = [&](int64_t i) {
    return i < rows ? _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, from + i * step)) : _mm512_setzero_si512();
  };
  for (int64_t p = 0; p < kTile; ++p) {
    lines[p] = _mm512_or_si512(row(2 * p), _mm512_slli_epi32(row(2 * p + 1), 16));
  }
}

[[gnu::always_inline]] inline void store_tile(const __m512i lines[16], Bfloat16* tile) {
  for (int64_t i = 0; i < kTile; ++i) _mm512_storeu_si512(tile + i * kInner, lines[i]);
}

// A right tile of from [rows <= 32 inner, columns <= 16].
[[gnu::always_inline]] inline void pack_right(const Bfloat16* from, int64_t step, int64_t rows, int64_t columns, Bfloat16* tile) {
  __m512i lines[16];
  interleave(from, step, rows, columns, lines);
  store_tile(lines, tile);
}

// The two right tiles of from [32 inner, 32 columns], whose rows fill a cache line each.
[[gnu::always_inline]] inline void pack_right_pair(const Bfloat16* from, int64_t step, Bfloat16* tiles) {
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  for (int64_t p = 0; p < kTile; ++p) {
    const __m512i even = _mm512_loadu_si512(from + 2 * p * step);
    const __m512i odd = _mm512_loadu_si512(from + (2 * p + 1) * step);
    const __m512i low = _mm512_unpacklo_epi16(even, odd);  // columns 0-3, 8-11, 16-19, 24-27
    const __m512i high = _mm512_unpackhi_epi16(even, odd);
    _mm512_storeu_si512(tiles + p * kInner, _mm512_permutex2var_epi64(low, first, high));
    _mm512_storeu_si512(tiles + kTileValues + p * kInner, _mm512_permutex2var_epi64(low, second, high));
  }
}

// A right tile of the transpose of from [rows <= 16 columns of the tile, columns <= 32 inner].
[[gnu::always_inline]] inline void pack_right_transposed(const Bfloat16* from, int64_t step, int64_t rows, int64_t columns,
                                                         Bfloat16* tile) {
  __m512i lines[16];
  for (int64_t i = 0; i < kTile; ++i) lines[i] = i < rows ? load_words(from + i * step, columns) : _mm512_setzero_si512();
  transpose(lines);
  store_tile(lines, tile);
}

// A left tile of the transpose of from [rows <= 32 inner, columns <= 16 rows of the tile].
[[gnu::always_inline]] inline void pack_left_transposed(const Bfloat16* from, int64_t step, int64_t rows, int64_t columns,
                                                        Bfloat16* tile) {
  __m512i lines[16];
  interleave(from, step, rows, columns, lines);
  transpose(lines);
  store_tile(lines, tile);
}

// A left tile of from [rows <= 16, columns <= 32 inner] as it is stored.
[[gnu::always_inline]] inline void pack_left(const Bfloat16* from, int64_t step, int64_t rows, int64_t columns, Bfloat16* tile) {
  for (int64_t i = 0; i < kTile; ++i) {
    _mm512_storeu_si512(tile + i * kInner, i < rows ? load_words(from + i * step, columns) : _mm512_setzero_si512());
  }
}

}  // namespace difflm::DIFFLM_LEVEL
