#include "difflm/kernels/rows.h"

#include "difflm/kernels/vector_math.h"

namespace difflm {
namespace {

struct Moments {
  float mean;
  float inverse;  // 1 / deviation
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

float row_maximum(const float* row, int64_t columns) {
  float most = row[0];
#pragma omp simd reduction(max : most)
  for (int64_t i = 0; i < columns; ++i) most = row[i] > most ? row[i] : most;
  return most;
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

void normalise_rows_to_float(const float* hidden, int64_t rows, int64_t width, float epsilon, const float* __restrict scale,
                             const float* __restrict shift, Bfloat16* normal, float* inverse, float* result) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict in = hidden + row * width;
    float* __restrict out = result + row * width;
    const Moments moments = row_moments(in, width, epsilon);
    for (int64_t i = 0; i < width; ++i) out[i] = (in[i] - moments.mean) * moments.inverse * scale[i] + shift[i];
    if (normal == nullptr) continue;
    inverse[row] = moments.inverse;
    Bfloat16* __restrict kept = normal + row * width;
    for (int64_t i = 0; i < width; ++i) kept[i] = to_bfloat16((in[i] - moments.mean) * moments.inverse);
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

void normalise_rows_to_float_backward(const float* d_result, const Bfloat16* normal, const float* inverse,
                                      const float* __restrict scale, int64_t rows, int64_t width, float* d_hidden,
                                      Bfloat16* d_hidden_short, float* __restrict d_scale, float* __restrict d_shift,
                                      float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict slope = d_result + row * width;
    const Bfloat16* __restrict value = normal + row * width;
    float* __restrict out = d_hidden + row * width;
    Bfloat16* __restrict rounded = d_hidden_short + row * width;
    float sum = 0;
    float product = 0;
#pragma omp simd reduction(+ : sum, product)
    for (int64_t i = 0; i < width; ++i) {
      const float d = slope[i] * scale[i];
      sum += d;
      product += d * to_float(value[i]);
      d_scale[i] += slope[i] * to_float(value[i]);
      d_shift[i] += slope[i];
    }
    sum /= static_cast<float>(width);
    product /= static_cast<float>(width);
    const float factor = inverse[row];
    for (int64_t i = 0; i < width; ++i) {
      const float d = factor * (slope[i] * scale[i] - sum - to_float(value[i]) * product);
      out[i] = d;
      rounded[i] = to_bfloat16(d);
      sums[i] += d;
    }
  }
}

void gelu(const Bfloat16* __restrict values, int64_t count, Bfloat16* __restrict result) {
  for (int64_t i = 0; i < count; ++i) {
    const float x = to_float(values[i]);
    result[i] = to_bfloat16(x * normal_point(x).below);
  }
}

void gelu_backward(const Bfloat16* values, int64_t rows, int64_t width, Bfloat16* d_result, Bfloat16* result,
                   float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const Bfloat16* __restrict in = values + row * width;
    Bfloat16* __restrict slope = d_result + row * width;
    Bfloat16* __restrict out = result + row * width;
    for (int64_t i = 0; i < width; ++i) {
      const float x = to_float(in[i]);
      const NormalPoint point = normal_point(x);
      const float d = to_float(slope[i]) * (point.below + x * point.density);
      out[i] = to_bfloat16(x * point.below);
      slope[i] = to_bfloat16(d);
      sums[i] += d;
    }
  }
}

void softmax_loss(const float* logits, int64_t rows, int64_t columns, const int64_t* targets, float* loss, float* log_sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict line = logits + row * columns;
    const float most = row_maximum(line, columns);
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < columns; ++i) sum += vector_exp(line[i] - most);
    log_sums[row] = most + __builtin_logf(sum);
    loss[row] = log_sums[row] - line[targets[row]];
  }
}

void softmax_loss_backward(const float* logits, int64_t rows, int64_t columns, const int64_t* targets, const float* log_sums,
                           const float* slope, Bfloat16* d_logits, float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict line = logits + row * columns;
    Bfloat16* __restrict out = d_logits + row * columns;
    const float log_sum = log_sums[row];
    const float factor = slope[row];
    for (int64_t i = 0; i < columns; ++i) {
      const float d = factor * vector_exp(line[i] - log_sum);
      out[i] = to_bfloat16(d);
      sums[i] += d;
    }
    const int64_t target = targets[row];
    out[target] = to_bfloat16(factor * (vector_exp(line[target] - log_sum) - 1));
    sums[target] -= factor;
  }
}

void softmax_rows(float* logits, int64_t rows, int64_t columns, float factor, Bfloat16* result) {
  for (int64_t row = 0; row < rows; ++row) {
    float* __restrict line = logits + row * columns;
    Bfloat16* __restrict out = result + row * columns;
    const float most = row_maximum(line, columns);
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < columns; ++i) {
      line[i] = vector_exp(factor * (line[i] - most));
      sum += line[i];
    }
    const float share = 1.0F / sum;
    for (int64_t i = 0; i < columns; ++i) out[i] = to_bfloat16(share * line[i]);
  }
}

void split_bfloat16(const float* __restrict values, int64_t count, Bfloat16* __restrict high, Bfloat16* __restrict low) {
  for (int64_t i = 0; i < count; ++i) {
    high[i] = to_bfloat16(values[i]);
    low[i] = to_bfloat16(values[i] - to_float(high[i]));
  }
}

void round_to_bfloat16(const float* __restrict values, int64_t count, Bfloat16* __restrict result) {
  for (int64_t i = 0; i < count; ++i) result[i] = to_bfloat16(values[i]);
}

void add_column_sums(const Bfloat16* values, int64_t rows, int64_t width, float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const Bfloat16* __restrict in = values + row * width;
    for (int64_t i = 0; i < width; ++i) sums[i] += to_float(in[i]);
  }
}

void fold_weight(const float* weight, const float* bias, const float* __restrict scale, const float* __restrict shift, int64_t rows,
                 int64_t inner, Bfloat16* folded, float* folded_bias) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict in = weight + row * inner;
    Bfloat16* __restrict out = folded + row * inner;
    float moved = 0;
#pragma omp simd reduction(+ : moved)
    for (int64_t i = 0; i < inner; ++i) {
      out[i] = to_bfloat16(in[i] * scale[i]);
      moved += in[i] * shift[i];
    }
    folded_bias[row] = bias[row] + moved;
  }
}

void fold_weight_backward(const float* weight, const float* __restrict scale, const float* __restrict shift, const float* d_folded,
                          const float* d_bias, int64_t rows, int64_t inner, float* d_weight, float* __restrict d_scale,
                          float* __restrict d_shift) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict in = weight + row * inner;
    const float* __restrict slope = d_folded + row * inner;
    float* __restrict out = d_weight + row * inner;
    const float moved = d_bias[row];
    for (int64_t i = 0; i < inner; ++i) {
      out[i] = slope[i] * scale[i] + moved * shift[i];
      d_scale[i] += in[i] * slope[i];
      d_shift[i] += in[i] * moved;
    }
  }
}

}  // namespace difflm
