// Sixteen float32 numbers at a time for attention between matrix products: powers and logarithms of two, reductions of sixteen rows
// at once, dropout, and rounding to bfloat16. Accurate enough for bfloat16, not to the last bit of float32.
#pragma once

#include "difflm/kernels/dropout.h"
#include "difflm/kernels/tiled/tiles.h"

namespace difflm::DIFFLM_LEVEL {

constexpr float kLog2E = 1.44269504F;
constexpr float kLn2 = 0.69314718F;

// The first `count` of 16 or of 32 lanes.
[[gnu::always_inline]] inline __mmask16 first_lanes(int64_t count) {
  if (count >= kTile) return 0xFFFFU;
  return count <= 0 ? 0 : static_cast<__mmask16>((1U << count) - 1U);
}

[[gnu::always_inline]] inline __mmask32 first_words(int64_t count) {
  if (count >= kInner) return 0xFFFFFFFFU;
  return count <= 0 ? 0 : (1U << count) - 1U;
}

// 2^x to a relative error of 3e-6, and 0 for -infinity: minimax polynomial for the fractional part in [0,1), the exponent for the
// rest.
[[gnu::always_inline]] inline __m512 power_of_two(__m512 x) {
  const __m512 rest = _mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
  __m512 power = _mm512_set1_ps(0.0135341679F);
  power = _mm512_fmadd_ps(power, rest, _mm512_set1_ps(0.0520114606F));
  power = _mm512_fmadd_ps(power, rest, _mm512_set1_ps(0.241442757F));
  power = _mm512_fmadd_ps(power, rest, _mm512_set1_ps(0.693003834F));
  power = _mm512_fmadd_ps(power, rest, _mm512_set1_ps(1.00000259F));
  return _mm512_scalef_ps(power, x);  // scalef takes the floor of x itself
}

// log2 x to 1e-7 for x > 0: the series of 2 artanh(t) / ln 2 with t = (m - 1) / (m + 1) in [0,1/3), m the mantissa.
[[gnu::always_inline]] inline __m512 logarithm_of_two(__m512 x) {
  const __m512 one = _mm512_set1_ps(1);
  const __m512 mantissa = _mm512_getmant_ps(x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src);
  const __m512 t = _mm512_div_ps(_mm512_sub_ps(mantissa, one), _mm512_add_ps(mantissa, one));
  const __m512 square = _mm512_mul_ps(t, t);
  __m512 series = _mm512_set1_ps(1.0F / 11);
  series = _mm512_fmadd_ps(series, square, _mm512_set1_ps(1.0F / 9));
  series = _mm512_fmadd_ps(series, square, _mm512_set1_ps(1.0F / 7));
  series = _mm512_fmadd_ps(series, square, _mm512_set1_ps(1.0F / 5));
  series = _mm512_fmadd_ps(series, square, _mm512_set1_ps(1.0F / 3));
  series = _mm512_fmadd_ps(series, square, one);
  return _mm512_fmadd_ps(_mm512_mul_ps(series, t), _mm512_set1_ps(2 * kLog2E), _mm512_getexp_ps(x));
}

// Lane i of the result is the 16 lanes of lines[i] reduced by `combine`. Fifteen steps of two shuffles reduce all lines; one
// line alone takes four.
template <class Combine>
[[gnu::always_inline]] inline __m512 reduce_lines(const __m512 lines[16], const Combine& combine) {
  __m512 quarters[4];
  for (int i = 0; i < 4; ++i) {
    const __m512* four = lines + 4 * i;
    const __m512 front = combine(_mm512_unpacklo_ps(four[0], four[1]), _mm512_unpackhi_ps(four[0], four[1]));
    const __m512 back = combine(_mm512_unpacklo_ps(four[2], four[3]), _mm512_unpackhi_ps(four[2], four[3]));
    quarters[i] = combine(_mm512_shuffle_ps(front, back, 0x44), _mm512_shuffle_ps(front, back, 0xEE));
  }
  const auto halves = [&](__m512 front, __m512 back) {
    return combine(_mm512_shuffle_f32x4(front, back, 0x88), _mm512_shuffle_f32x4(front, back, 0xDD));
  };
  return halves(halves(quarters[0], quarters[1]), halves(quarters[2], quarters[3]));
}

[[gnu::always_inline]] inline __m512 largest_of_lines(const __m512 lines[16]) {
  return reduce_lines(
      lines, [](__m512 a, __m512 b) __attribute__((always_inline)) { return _mm512_max_ps(a, b); });
}

[[gnu::always_inline]] inline __m512 sums_of_lines(const __m512 lines[16]) {
  return reduce_lines(
      lines, [](__m512 a, __m512 b) __attribute__((always_inline)) { return _mm512_add_ps(a, b); });
}

// Dropout factors of the places first + i * step. A loop that the compiler turns into vector code, so that the hash is in one
// place only (dropout.h).
[[gnu::always_inline]] inline __m512 dropout_factors(const DropoutMask& mask, uint32_t first, uint32_t step) {
  alignas(64) float factors[kTile];
#pragma omp simd
  for (uint32_t i = 0; i < kTile; ++i) factors[i] = mask.factor(first + i * step);
  return _mm512_load_ps(factors);
}

// Lanes of `low`, then of `high`, in bfloat16.
[[gnu::always_inline]] inline __m512i round_pair(__m512 low, __m512 high) {
  return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
}

[[gnu::always_inline]] inline __m256i low_half(__m512i words) { return _mm512_castsi512_si256(words); }
[[gnu::always_inline]] inline __m256i high_half(__m512i words) { return _mm512_extracti64x4_epi64(words, 1); }

// to [size] = factor * from in bfloat16; `from` has room for whole tiles of 32.
[[gnu::always_inline]] inline void store_rounded(const float* from, int64_t size, float factor, Bfloat16* to) {
  const __m512 factors = _mm512_set1_ps(factor);
  for (int64_t i = 0; i < size; i += kInner) {
    const __m512i words =
        round_pair(_mm512_mul_ps(factors, _mm512_load_ps(from + i)), _mm512_mul_ps(factors, _mm512_load_ps(from + i + kTile)));
    if (i + kInner <= size) {
      _mm512_storeu_si512(to + i, words);
    } else {
      _mm512_mask_storeu_epi16(to + i, first_words(size - i), words);
    }
  }
}

}  // namespace difflm::DIFFLM_LEVEL
