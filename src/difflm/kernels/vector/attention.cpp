#include "difflm/kernels/vector/attention.h"

#include "difflm/kernels/vector/lanes.h"
#include "difflm/kernels/vector/vector_math.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

constexpr int64_t kQueries = 64;  // rows of scores processed at a time
constexpr int64_t kPadding = 16;  // columns come in multiples of this

// Rows and vectors of a tile of a product: its sums, the vectors of one row and one broadcast value must fit into the registers
// of the level, 32 with AVX512 and 16 without.
constexpr int kTileRows = kLanes == 16 ? 8 : 6;
constexpr int kTileVectors = 2;

int64_t padded(int64_t count) { return (count + kPadding - 1) / kPadding * kPadding; }

// result [rows, columns] (+)= left . right for one tile that stays in registers. left(i,k) is left[i * row_step + k * inner_step].
template <int kRows, int kVectors>
void tile(int64_t inner, const float* left, int64_t row_step, int64_t inner_step, const float* right, int64_t right_step,
          float* result, int64_t result_step, bool accumulate) {
  Lanes sums[kRows][kVectors];
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kVectors; ++j) {
      sums[i][j] = accumulate ? load(result + i * result_step + j * kLanes) : Lanes{};
    }
  }
  for (int64_t k = 0; k < inner; ++k) {
    Lanes columns[kVectors];
    for (int j = 0; j < kVectors; ++j) columns[j] = load(right + k * right_step + j * kLanes);
    for (int i = 0; i < kRows; ++i) {
      const float value = left[i * row_step + k * inner_step];
      for (int j = 0; j < kVectors; ++j) sums[i][j] += value * columns[j];
    }
  }
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kVectors; ++j) store(sums[i][j], result + i * result_step + j * kLanes);
  }
}

template <int kVectors>
void tile_rows(int64_t rows, int64_t inner, const float* left, int64_t row_step, int64_t inner_step, const float* right,
               int64_t right_step, float* result, int64_t result_step, bool accumulate) {
  int64_t row = 0;
  const auto at = [&](auto kernel) {
    kernel(inner, left + row * row_step, row_step, inner_step, right, right_step, result + row * result_step, result_step,
           accumulate);
  };
  for (; row + kTileRows <= rows; row += kTileRows) at(tile<kTileRows, kVectors>);
  for (; row + 4 <= rows; row += 4) at(tile<4, kVectors>);
  for (; row < rows; ++row) at(tile<1, kVectors>);
}

// Float32 product of matrices that fit into the cache; `columns` is a multiple of 16, right and result have room for them.
void multiply(int64_t rows, int64_t columns, int64_t inner, const float* left, int64_t row_step, int64_t inner_step,
              const float* right, int64_t right_step, float* result, int64_t result_step, bool accumulate) {
  int64_t column = 0;
  for (; column + kTileVectors * kLanes <= columns; column += kTileVectors * kLanes) {
    tile_rows<kTileVectors>(rows, inner, left, row_step, inner_step, right + column, right_step, result + column, result_step,
                            accumulate);
  }
  if (column < columns) {
    tile_rows<1>(rows, inner, left, row_step, inner_step, right + column, right_step, result + column, result_step, accumulate);
  }
}

// One head of one sequence in float32: rows padded to whole vectors, padding is zero.
void load_rows(const Bfloat16* from, int64_t step, int64_t length, int64_t size, int64_t row_step, float factor, float* to) {
  for (int64_t row = 0; row < length; ++row) {
    for (int64_t i = 0; i < size; ++i) to[row * row_step + i] = factor * to_float(from[row * step + i]);
    for (int64_t i = size; i < row_step; ++i) to[row * row_step + i] = 0;
  }
}

void load_transposed(const Bfloat16* from, int64_t step, int64_t length, int64_t size, int64_t row_step, float* to) {
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t row = 0; row < length; ++row) to[i * row_step + row] = to_float(from[row * step + i]);
    for (int64_t row = length; row < row_step; ++row) to[i * row_step + row] = 0;
  }
}

void store_rows(const float* from, int64_t row_step, int64_t length, int64_t size, float factor, Bfloat16* to, int64_t step) {
  for (int64_t row = 0; row < length; ++row) {
    for (int64_t i = 0; i < size; ++i) to[row * step + i] = to_bfloat16(factor * from[row * row_step + i]);
  }
}

float inverse_root(int64_t head_size) { return 1.0F / __builtin_sqrtf(static_cast<float>(head_size)); }

void add_bias(float* scores, int64_t score_step, const float* bias, int64_t rows, int64_t length) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t key = 0; key < length; ++key) scores[row * score_step + key] += bias[row * length + key];
  }
}

}  // namespace

int64_t attention_scratch(const AttentionShape& shape) {
  const int64_t keys = padded(shape.length);
  const int64_t row = padded(shape.head_size);
  return 3 * kQueries * row + 2 * shape.head_size * keys + 3 * shape.length * row + 2 * kQueries * keys;
}

void attend(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values, const float* bias,
            const Dropout& dropout, Bfloat16* mixed, float* log_sums, float* scratch) {
  const DropoutMask mask(dropout);
  const int64_t length = shape.length;
  const int64_t size = shape.head_size;
  const int64_t width = shape.width();
  const int64_t keys = padded(length);
  const int64_t row = padded(size);
  float* query = scratch;
  float* key = query + kQueries * row;       // [size, keys]
  float* value = key + size * keys;          // [T, row]
  float* scores = value + length * row;      // [kQueries, keys]
  float* result = scores + kQueries * keys;  // [kQueries, row]
  for (int64_t item = begin; item < end; ++item) {
    const int64_t sequence = item / shape.heads;
    const int64_t head = item % shape.heads;
    const Bfloat16* base = queries_keys_values + sequence * length * 3 * width + head * size;
    load_transposed(base + width, 3 * width, length, size, keys, key);
    load_rows(base + 2 * width, 3 * width, length, size, row, 1, value);
    for (int64_t first = 0; first < length; first += kQueries) {
      const int64_t count = first + kQueries < length ? kQueries : length - first;
      load_rows(base + first * 3 * width, 3 * width, count, size, row, inverse_root(size), query);
      multiply(count, keys, size, query, row, 1, key, keys, scores, keys, false);
      if (bias != nullptr) add_bias(scores, keys, bias + (head * length + first) * length, count, length);
      for (int64_t i = 0; i < count; ++i) {
        float* __restrict line = scores + i * keys;
        float most = line[0];
#pragma omp simd reduction(max : most)
        for (int64_t k = 0; k < length; ++k) most = line[k] > most ? line[k] : most;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t k = 0; k < length; ++k) {
          line[k] = vector_exp(line[k] - most);
          sum += line[k];
        }
        const float share = 1.0F / sum;
        for (int64_t k = 0; k < length; ++k) line[k] *= share;
        log_sums[item * length + first + i] = most + __builtin_logf(sum);
        if (dropout.is_on()) {
          const auto place = static_cast<uint32_t>((item * length + first + i) * length);
          for (int64_t k = 0; k < length; ++k) line[k] *= mask.factor(place + static_cast<uint32_t>(k));
        }
      }
      multiply(count, row, length, scores, keys, 1, value, row, result, row, false);
      store_rows(result, row, count, size, 1, mixed + (sequence * length + first) * width + head * size, width);
    }
  }
}

void attend_backward(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values,
                     const float* bias, const Dropout& dropout, const Bfloat16* mixed, const float* log_sums,
                     const Bfloat16* d_mixed, Bfloat16* d_queries_keys_values, float* scratch) {
  const DropoutMask mask(dropout);
  const int64_t length = shape.length;
  const int64_t size = shape.head_size;
  const int64_t width = shape.width();
  const int64_t keys = padded(length);
  const int64_t row = padded(size);
  const float root = inverse_root(size);
  float* query = scratch;
  float* slope = query + kQueries * row;          // [kQueries, row], of mixed
  float* d_query = slope + kQueries * row;        // [kQueries, row]
  float* key_columns = d_query + kQueries * row;  // [size, keys]
  float* value_columns = key_columns + size * keys;
  float* key = value_columns + size * keys;  // [T, row]
  float* d_key = key + length * row;
  float* d_value = d_key + length * row;
  float* scores = d_value + length * row;  // [kQueries, keys]
  float* d_scores = scores + kQueries * keys;
  for (int64_t item = begin; item < end; ++item) {
    const int64_t sequence = item / shape.heads;
    const int64_t head = item % shape.heads;
    const int64_t offset = sequence * length * 3 * width + head * size;
    const Bfloat16* base = queries_keys_values + offset;
    Bfloat16* d_base = d_queries_keys_values + offset;
    load_transposed(base + width, 3 * width, length, size, keys, key_columns);
    load_transposed(base + 2 * width, 3 * width, length, size, keys, value_columns);
    load_rows(base + width, 3 * width, length, size, row, 1, key);
    for (int64_t first = 0; first < length; first += kQueries) {
      const int64_t count = first + kQueries < length ? kQueries : length - first;
      const int64_t at = (sequence * length + first) * width + head * size;
      load_rows(base + first * 3 * width, 3 * width, count, size, row, root, query);
      load_rows(d_mixed + at, width, count, size, row, 1, slope);
      multiply(count, keys, size, query, row, 1, key_columns, keys, scores, keys, false);
      if (bias != nullptr) add_bias(scores, keys, bias + (head * length + first) * length, count, length);
      multiply(count, keys, size, slope, row, 1, value_columns, keys, d_scores, keys, false);
      for (int64_t i = 0; i < count; ++i) {
        float* __restrict line = scores + i * keys;
        float* __restrict d_line = d_scores + i * keys;
        const float* __restrict d_row = slope + i * row;
        float product = 0;
#pragma omp simd reduction(+ : product)
        for (int64_t k = 0; k < size; ++k) product += d_row[k] * to_float(mixed[at + i * width + k]);
        const float log_sum = log_sums[item * length + first + i];
        for (int64_t k = 0; k < length; ++k) line[k] = vector_exp(line[k] - log_sum);
        if (dropout.is_on()) {
          const auto place = static_cast<uint32_t>((item * length + first + i) * length);
          for (int64_t k = 0; k < length; ++k) {
            const float factor = mask.factor(place + static_cast<uint32_t>(k));
            d_line[k] = line[k] * (factor * d_line[k] - product);
            line[k] *= factor;
          }
        } else {
          for (int64_t k = 0; k < length; ++k) d_line[k] = line[k] * (d_line[k] - product);
        }
      }
      const bool more = first > 0;
      multiply(length, row, count, scores, 1, keys, slope, row, d_value, row, more);
      multiply(length, row, count, d_scores, 1, keys, query, row, d_key, row, more);
      multiply(count, row, length, d_scores, keys, 1, key, row, d_query, row, false);
      store_rows(d_query, row, count, size, root, d_base + first * 3 * width, 3 * width);
    }
    store_rows(d_key, row, length, size, 1, d_base + width, 3 * width);
    store_rows(d_value, row, length, size, 1, d_base + 2 * width, 3 * width);
  }
}

}  // namespace difflm::DIFFLM_LEVEL
