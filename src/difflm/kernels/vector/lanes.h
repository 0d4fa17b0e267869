// Vectors as long as the registers of the level, with loads and stores of float32 and bfloat16. g++ 12 would keep longer ones in
// memory.
//
// A count below kLanes touches only that many values of the array, so that sizes need not be multiples of it; a constant kLanes
// leaves no branch.
#pragma once

#include <cstdint>
#include <cstring>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "difflm/kernels/bfloat16.h"

namespace difflm {

#ifdef __AVX512F__
constexpr int64_t kLanes = 16;
#else
constexpr int64_t kLanes = 8;
#endif

using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
using IntegerLanes = uint32_t __attribute__((vector_size(kLanes * sizeof(uint32_t))));
using ShortLanes = Bfloat16 __attribute__((vector_size(kLanes * sizeof(Bfloat16))));

[[gnu::always_inline]] inline Lanes spread(float value) { return value - Lanes{}; }

[[gnu::always_inline]] inline Lanes load(const float* from, int64_t count = kLanes) {
  Lanes values = {};
  __builtin_memcpy(&values, from, static_cast<size_t>(count) * sizeof(float));
  return values;
}

[[gnu::always_inline]] inline void store(const Lanes& values, float* to, int64_t count = kLanes) {
  __builtin_memcpy(to, &values, static_cast<size_t>(count) * sizeof(float));
}

[[gnu::always_inline]] inline Lanes widened(const ShortLanes& values) {
#ifdef __AVX512F__  // g++ 12 splits it into two halves
  return __builtin_bit_cast(Lanes, _mm512_slli_epi32(_mm512_cvtepu16_epi32(__builtin_bit_cast(__m256i, values)), 16));
#else
  const IntegerLanes bits = __builtin_convertvector(values, IntegerLanes) << 16;
  return __builtin_bit_cast(Lanes, bits);
#endif
}

[[gnu::always_inline]] inline Lanes load(const Bfloat16* from, int64_t count = kLanes) {
  ShortLanes values = {};
  __builtin_memcpy(&values, from, static_cast<size_t>(count) * sizeof(Bfloat16));
  return widened(values);
}

[[gnu::always_inline]] inline ShortLanes rounded(const Lanes& values) {
#ifdef __AVX512BF16__
  return __builtin_bit_cast(ShortLanes, _mm512_cvtneps_pbh(values));
#else
  const auto bits = __builtin_bit_cast(IntegerLanes, values);
  return __builtin_convertvector((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16, ShortLanes);
#endif
}

[[gnu::always_inline]] inline void store(const ShortLanes& values, Bfloat16* to, int64_t count = kLanes) {
  __builtin_memcpy(to, &values, static_cast<size_t>(count) * sizeof(Bfloat16));
}

[[gnu::always_inline]] inline void store(const Lanes& values, Bfloat16* to, int64_t count = kLanes) {
  store(rounded(values), to, count);
}

}  // namespace difflm
