// bfloat16 as raw 16-bit words: the upper half of a float32. Rounding is to nearest even, as in hardware and LibTorch.
#pragma once

#include <cstdint>
#include <cstring>

namespace difflm {

using Bfloat16 = uint16_t;

[[gnu::always_inline]] inline float to_float(Bfloat16 value) {
  const uint32_t bits = static_cast<uint32_t>(value) << 16;
  float result = 0;
  std::memcpy(&result, &bits, sizeof(result));
  return result;
}

// Not for NaN, whose payload may round to infinity.
[[gnu::always_inline]] inline Bfloat16 to_bfloat16(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return static_cast<Bfloat16>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

}  // namespace difflm
