// exp as a branch-free polynomial, which the compiler turns into vector code.
#pragma once

#include <cstdint>
#include <cstring>

namespace difflm {

// e^x to 2 units in the last place between -87 and 88; below, the smallest normal number, so that exp of -infinity is next to 0.
[[gnu::always_inline]] inline float vector_exp(float x) {
  x = x < -87.0F ? -87.0F : x;
  x = x > 88.0F ? 88.0F : x;
  const float scaled = x * 1.44269504F;
  const float magic = 12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer
  const float whole = (scaled + magic) - magic;
  const float rest = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
  float polynomial = 1.9875691500e-4F;
  polynomial = polynomial * rest + 1.3981999507e-3F;
  polynomial = polynomial * rest + 8.3334519073e-3F;
  polynomial = polynomial * rest + 4.1665795894e-2F;
  polynomial = polynomial * rest + 1.6666665459e-1F;
  polynomial = polynomial * rest + 5.0000001201e-1F;
  polynomial = polynomial * rest * rest + rest + 1.0F;
  const int32_t bits = (static_cast<int32_t>(whole) + 127) << 23;
  float power = 0;
  std::memcpy(&power, &bits, sizeof(power));
  return polynomial * power;
}

}  // namespace difflm
