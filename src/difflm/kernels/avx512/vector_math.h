// exp and the normal distribution as branch-free polynomials, which the compiler turns into vector code.
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

struct NormalPoint {
  float below;    // Phi(x), the standard normal distribution
  float density;  // phi(x)
};

// Abramowitz and Stegun 7.1.26 on x / sqrt(2).
[[gnu::always_inline]] inline NormalPoint normal_point(float x) {
  const float size = x < 0 ? -x : x;
  const float gauss = vector_exp(-0.5F * x * x);
  const float t = 1.0F / (1.0F + 0.3275911F * 0.70710678F * size);
  const float series = t * (0.254829592F + t * (-0.284496736F + t * (1.421413741F + t * (-1.453152027F + t * 1.061405429F))));
  const float tail = 0.5F * series * gauss;  // Phi(-|x|)
  return {x < 0 ? tail : 1.0F - tail, 0.39894228F * gauss};
}

}  // namespace difflm
