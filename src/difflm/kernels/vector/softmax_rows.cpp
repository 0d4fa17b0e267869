#include "difflm/kernels/vector/softmax_rows.h"

#include "difflm/kernels/vector/vector_math.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

float row_maximum(const float* row, int64_t columns) {
  float most = row[0];
#pragma omp simd reduction(max : most)
  for (int64_t i = 0; i < columns; ++i) most = row[i] > most ? row[i] : most;
  return most;
}

}  // namespace

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

void softmax_best(const float* logits, int64_t rows, int64_t columns, float factor, int64_t* best, float* probability) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict line = logits + row * columns;
    const float most = row_maximum(line, columns);
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < columns; ++i) sum += vector_exp(factor * (line[i] - most));
    int64_t place = 0;
    while (place + 1 < columns && line[place] != most) ++place;
    best[row] = place;
    probability[row] = 1.0F / sum;
  }
}

}  // namespace difflm::DIFFLM_LEVEL
