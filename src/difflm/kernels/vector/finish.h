// Epilogues of matrix products (kernels/epilogue.h) on a block of float32 results.
//
// The GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415) x Phi(x) and its slope Phi(x) + x phi(x) are odd about 1/2 up to a factor:
// each is 1/2 + x P(x^2) with a polynomial of degree 6, fitted with equal ripples on [-3.8, 3.8] and held constant beyond.
// Errors: 1.1e-4 of the GELU, beyond 3.8 at most 7e-5 |x|, and 1.7e-3 of the slope; bfloat16 rounds to 4e-3 of a value.
#pragma once

#include "difflm/kernels/epilogue.h"
#include "difflm/kernels/vector/lanes.h"

namespace difflm {

[[gnu::always_inline]] inline Lanes clamped_for_gelu(const Lanes& x) {
  const Lanes most = spread(3.8F);
  const Lanes above = x < -most ? -most : x;
  return above > most ? most : above;
}

// Phi(x), t the square of `clamped`.
[[gnu::always_inline]] inline Lanes gelu_share(const Lanes& clamped, const Lanes& t) {
  Lanes sum = spread(3.024936115e-08F);
  sum = sum * t + -1.956754608e-06F;
  sum = sum * t + 5.461848483e-05F;
  sum = sum * t + -8.743938862e-04F;
  sum = sum * t + 9.045586024e-03F;
  sum = sum * t + -6.513236099e-02F;
  sum = sum * t + 3.982564307e-01F;
  return sum * clamped + 0.5F;
}

// Phi(x) + x phi(x)
[[gnu::always_inline]] inline Lanes gelu_slope(const Lanes& clamped, const Lanes& t) {
  Lanes sum = spread(3.312614294e-07F);
  sum = sum * t + -1.951188269e-05F;
  sum = sum * t + 4.809128683e-04F;
  sum = sum * t + -6.483254374e-03F;
  sum = sum * t + 5.233125163e-02F;
  sum = sum * t + -2.573622342e-01F;
  sum = sum * t + 7.949835289e-01F;
  return sum * clamped + 0.5F;
}

// The first `count` of kLanes neighbouring values of the product; `at` is their index in the dense results, `sums` the sums of
// their columns.
template <Epilogue::Kind kKind>
[[gnu::always_inline]] inline void finish_lanes(const Epilogue& epilogue, const Lanes& product, int64_t at, int64_t count,
                                                Lanes& sums) {
  using Kind = Epilogue::Kind;
  if constexpr (kKind == Kind::round) {
    store(product, epilogue.result + at, count);
  } else if constexpr (kKind == Kind::keep) {
    store(product, epilogue.total + at, count);
  } else if constexpr (kKind == Kind::add) {
    float* total = epilogue.total + at;
    if (!epilogue.dropout.is_on()) {
      store(load(total, count) + product, total, count);
      return;
    }
    const DropoutMask mask(epilogue.dropout);
    const auto place = static_cast<uint32_t>(epilogue.place + at);
    Lanes factors;
    for (uint32_t i = 0; i < kLanes; ++i) factors[i] = mask.factor(place + i);
    store(load(total, count) + factors * product, total, count);
  } else if constexpr (kKind == Kind::gelu) {
    // Of the rounded value, as the backward pass will see it.
    const ShortLanes kept = rounded(product);
    store(kept, epilogue.result + at, count);
    const Lanes x = widened(kept);
    const Lanes clamped = clamped_for_gelu(x);
    store(x * gelu_share(clamped, clamped * clamped), epilogue.activated + at, count);
  } else {
    const Lanes x = load(epilogue.before + at, count);
    const Lanes clamped = clamped_for_gelu(x);
    const Lanes t = clamped * clamped;
    store(x * gelu_share(clamped, t), epilogue.activated + at, count);
    const Lanes slope = product * gelu_slope(clamped, t);
    store(slope, epilogue.result + at, count);
    sums += slope;
  }
}

// A block [rows, columns <= 32] of the product, whose rows are `step` apart and whose place in the whole is (row, column).
template <Epilogue::Kind kKind>
[[gnu::always_inline]] inline void finish_block(const Epilogue& epilogue, const float* block, int64_t step, int64_t row,
                                                int64_t rows, int64_t column, int64_t columns, float* column_sums) {
  Lanes left_sums = {};
  Lanes right_sums = {};
  if (columns == 2 * kLanes) {
    const bool has_bias = epilogue.bias != nullptr;
    const Lanes left_bias = has_bias ? load(epilogue.bias + column) : Lanes{};
    const Lanes right_bias = has_bias ? load(epilogue.bias + column + kLanes) : Lanes{};
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t at = (row + i) * epilogue.columns + column;
      finish_lanes<kKind>(epilogue, load(block + i * step) + left_bias, at, kLanes, left_sums);
      finish_lanes<kKind>(epilogue, load(block + i * step + kLanes) + right_bias, at + kLanes, kLanes, right_sums);
    }
    if constexpr (kKind == Epilogue::Kind::gelu_backward) {
      store(load(column_sums + column) + left_sums, column_sums + column);
      store(load(column_sums + column + kLanes) + right_sums, column_sums + column + kLanes);
    }
    return;
  }
  for (int64_t first = 0; first < columns; first += kLanes) {
    const int64_t count = columns - first < kLanes ? columns - first : kLanes;
    const Lanes bias = epilogue.bias != nullptr ? load(epilogue.bias + column + first, count) : Lanes{};
    Lanes sums = {};
    for (int64_t i = 0; i < rows; ++i) {
      const Lanes product = load(block + i * step + first, count) + bias;
      finish_lanes<kKind>(epilogue, product, (row + i) * epilogue.columns + column + first, count, sums);
    }
    if constexpr (kKind == Epilogue::Kind::gelu_backward) {
      float* total = column_sums + column + first;
      store(load(total, count) + sums, total, count);
    }
  }
}

}  // namespace difflm
