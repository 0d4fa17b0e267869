#include "difflm/kernels/vector/layer_norm.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

struct Moments {
  float mean;
  float inverse;  // 1 / standard deviation
};

Moments row_moments(const float* row, int64_t width, float epsilon) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < width; ++i) sum += row[i];
  const float mean = sum / static_cast<float>(width);
  float squares = 0;
#pragma omp simd reduction(+ : squares)
  for (int64_t i = 0; i < width; ++i) squares += (row[i] - mean) * (row[i] - mean);
  return {mean, 1.0F / __builtin_sqrtf(squares / static_cast<float>(width) + epsilon)};
}

}  // namespace

void normalise_rows(const float* hidden, int64_t rows, int64_t width, float epsilon, Bfloat16* normal, float* inverse) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict in = hidden + row * width;
    Bfloat16* __restrict out = normal + row * width;
    const Moments moments = row_moments(in, width, epsilon);
    inverse[row] = moments.inverse;
    for (int64_t i = 0; i < width; ++i) out[i] = to_bfloat16((in[i] - moments.mean) * moments.inverse);
  }
}

// No __restrict here: callers may normalise in place.
void normalise_rows_to_float(const float* hidden, int64_t rows, int64_t width, float epsilon, const float* scale,
                             const float* shift, Bfloat16* normal, float* inverse, float* result) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* in = hidden + row * width;
    float* out = result + row * width;
    const Moments moments = row_moments(in, width, epsilon);
    if (normal != nullptr) {
      inverse[row] = moments.inverse;
      Bfloat16* kept = normal + row * width;
#pragma omp simd
      for (int64_t i = 0; i < width; ++i) kept[i] = to_bfloat16((in[i] - moments.mean) * moments.inverse);
    }
#pragma omp simd
    for (int64_t i = 0; i < width; ++i) out[i] = (in[i] - moments.mean) * moments.inverse * scale[i] + shift[i];
  }
}

void normalise_rows_backward(const Bfloat16* d_normal, const Bfloat16* normal, const float* inverse, int64_t rows, int64_t width,
                             float* d_hidden, Bfloat16* d_hidden_short, float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const Bfloat16* __restrict slope = d_normal + row * width;
    const Bfloat16* __restrict value = normal + row * width;
    float* __restrict out = d_hidden + row * width;
    Bfloat16* __restrict rounded = d_hidden_short + row * width;
    float sum = 0;
    float product = 0;
#pragma omp simd reduction(+ : sum, product)
    for (int64_t i = 0; i < width; ++i) {
      const float d = to_float(slope[i]);
      sum += d;
      product += d * to_float(value[i]);
    }
    sum /= static_cast<float>(width);
    product /= static_cast<float>(width);
    const float factor = inverse[row];
    for (int64_t i = 0; i < width; ++i) {
      const float d = out[i] + factor * (to_float(slope[i]) - sum - to_float(value[i]) * product);
      out[i] = d;
      rounded[i] = to_bfloat16(d);
      sums[i] += d;
    }
  }
}

// No __restrict on d_result and d_hidden: they may be the same.
void normalise_rows_to_float_backward(const float* d_result, const Bfloat16* d_more, const Bfloat16* normal, const float* inverse,
                                      const float* __restrict scale, int64_t rows, int64_t width, float* d_hidden,
                                      Bfloat16* d_hidden_short, float* __restrict d_scale, float* __restrict d_shift,
                                      float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* slope = d_result + row * width;
    const Bfloat16* __restrict value = normal + row * width;
    float* out = d_hidden + row * width;
    Bfloat16* __restrict rounded = d_hidden_short + row * width;
    if (d_more == nullptr) {
#pragma omp simd
      for (int64_t i = 0; i < width; ++i) out[i] = slope[i];
    } else {
      const Bfloat16* __restrict more = d_more + row * width;
#pragma omp simd
      for (int64_t i = 0; i < width; ++i) out[i] = slope[i] + to_float(more[i]);
    }
    float sum = 0;
    float product = 0;
#pragma omp simd reduction(+ : sum, product)
    for (int64_t i = 0; i < width; ++i) {
      const float d = out[i] * scale[i];
      sum += d;
      product += d * to_float(value[i]);
    }
    sum /= static_cast<float>(width);
    product /= static_cast<float>(width);
    const float factor = inverse[row];
#pragma omp simd
    for (int64_t i = 0; i < width; ++i) {
      const float x = to_float(value[i]);
      d_scale[i] += out[i] * x;
      d_shift[i] += out[i];
      const float d = factor * (out[i] * scale[i] - sum - x * product);
      out[i] = d;
      rounded[i] = to_bfloat16(d);
      sums[i] += d;
    }
  }
}

}  // namespace difflm::DIFFLM_LEVEL
