#include "difflm/kernels/softmax_head.h"

#include <algorithm>

#include "difflm/kernels/products.h"
#include "difflm/kernels/thread_sums.h"

namespace difflm {

struct SoftmaxHead::State {
  explicit State(Instructions level) : products(level), vector(products.vector()) {}

  Products products;
  const VectorKernels& vector;
  ThreadSums thread_sums;
  int64_t vocabulary = 0;
  int64_t dimension = 0;
  bool has_bias = false;
  PackedMatrix table_parts;      // [V,3D], high high low; where products are made in bfloat16
  FloatPanels table_floats;      // its transpose; otherwise
  PackedMatrix table;            // [V,D]
  Buffer<float> bias;            // [V]
  Buffer<Bfloat16> point_parts;  // [chunk,3D], high low high
  Buffer<Bfloat16> points;       // [chunk,D]
  Buffer<float> scores;          // [chunk,V]
  Buffer<Bfloat16> weights;      // [chunk,V]
  Buffer<float> bias_sums;       // [V]

  int64_t chunk() const;
  // [rows,V] to `result`, or to a buffer where that is null.
  float* logits(const float* points, int64_t rows, float* result = nullptr);
  float* rounded_logits(const float* points, int64_t rows, float* result = nullptr);  // of points and table in bfloat16
  float* logits_of(const Scored& scored, int64_t first, int64_t rows);                // of its rows from `first` on
  const Bfloat16* round(const float* points, int64_t rows);                           // [rows,D]
  float* score(const Bfloat16* left, int64_t rows, PackedMatrix& right, float* result);
  Epilogue into(int64_t rows, float* result);  // logits to `result`, or to a buffer where that is null
};

SoftmaxHead::SoftmaxHead(Instructions level) : state_(std::make_unique<State>(level)) {}
SoftmaxHead::~SoftmaxHead() = default;

int64_t SoftmaxHead::State::chunk() const {
  constexpr int64_t kLogits = 1 << 20;  // 4 MB
  constexpr int64_t kFewest = 128;      // below that, reading the table costs more than its products
  return std::max(kFewest, kLogits / vocabulary / 32 * 32);
}

void SoftmaxHead::load(const float* table, const float* bias, int64_t vocabulary, int64_t dimension) {
  State& own = *state_;
  own.vocabulary = vocabulary;
  own.dimension = dimension;
  own.has_bias = bias != nullptr;
  if (own.has_bias) std::copy_n(bias, vocabulary, own.bias.get(vocabulary));
  Bfloat16* rounded = own.table.refill(vocabulary, dimension);
  if (own.products.multiplies_floats()) {
    own.table_floats.fill(own.vector, table, true, dimension, vocabulary);
    for_shares(vocabulary * dimension, kValueGrain,
               [&](int64_t begin, int64_t end, int) { own.vector.round_to_bfloat16(table + begin, end - begin, rounded + begin); });
    return;
  }
  Bfloat16* parts = own.table_parts.refill(vocabulary, 3 * dimension);
  for_shares(vocabulary, kRowGrain, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      Bfloat16* to = parts + row * 3 * dimension;
      own.vector.split_bfloat16(table + row * dimension, dimension, to, to + 2 * dimension);
      std::copy_n(to, dimension, to + dimension);
      std::copy_n(to, dimension, rounded + row * dimension);
    }
  });
}

const Bfloat16* SoftmaxHead::State::round(const float* from, int64_t rows) {
  Bfloat16* rounded = points.get(rows * dimension);
  for_shares(rows * dimension, kValueGrain,
             [&](int64_t begin, int64_t end, int) { vector.round_to_bfloat16(from + begin, end - begin, rounded + begin); });
  return rounded;
}

float* SoftmaxHead::State::score(const Bfloat16* left, int64_t rows, PackedMatrix& right, float* result) {
  const Epilogue made = into(rows, result);
  products.forward(left, rows, right, made);
  return made.total;
}

Epilogue SoftmaxHead::State::into(int64_t rows, float* result) {
  if (result == nullptr) result = scores.get(rows * vocabulary);
  return {.kind = Epilogue::Kind::keep, .columns = vocabulary, .bias = has_bias ? bias.data() : nullptr, .total = result};
}

float* SoftmaxHead::State::rounded_logits(const float* from, int64_t rows, float* result) {
  return score(round(from, rows), rows, table, result);
}

float* SoftmaxHead::State::logits_of(const Scored& scored, int64_t first, int64_t rows) {
  const float* from = scored.points + first * dimension;
  float* result = scored.logits == nullptr ? nullptr : scored.logits + first * vocabulary;
  return scored.precise ? logits(from, rows, result) : rounded_logits(from, rows, result);
}

float* SoftmaxHead::State::logits(const float* from, int64_t rows, float* result) {
  if (products.multiplies_floats()) {
    const Epilogue made = into(rows, result);
    products.forward(from, rows, table_floats, dimension, made);
    return made.total;
  }
  Bfloat16* parts = point_parts.get(rows * 3 * dimension);
  for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      Bfloat16* to = parts + row * 3 * dimension;
      vector.split_bfloat16(from + row * dimension, dimension, to, to + dimension);
      std::copy_n(to, dimension, to + 2 * dimension);
    }
  });
  return score(parts, rows, table_parts, result);
}

void SoftmaxHead::cross_entropy(const Scored& scored, float* loss, float* log_sums) {
  State& own = *state_;
  for (int64_t first = 0; first < scored.count; first += own.chunk()) {
    const int64_t rows = std::min(own.chunk(), scored.count - first);
    const float* made = own.logits_of(scored, first, rows);
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
      own.vector.softmax_loss(made + begin * own.vocabulary, end - begin, own.vocabulary, scored.targets + first + begin,
                              loss + first + begin, log_sums + first + begin);
    });
  }
}

void SoftmaxHead::cross_entropy_backward(const Scored& scored, const float* log_sums, const float* slope, float* d_points,
                                         float* d_table, float* d_bias) {
  State& own = *state_;
  if (d_bias != nullptr) std::fill_n(d_bias, own.vocabulary, 0.0F);
  float* bias_sums = own.bias_sums.get(own.vocabulary);
  for (int64_t first = 0; first < scored.count; first += own.chunk()) {
    const int64_t rows = std::min(own.chunk(), scored.count - first);
    const float* made = scored.logits != nullptr ? scored.logits + first * own.vocabulary : own.logits_of(scored, first, rows);
    Bfloat16* d_logits = own.weights.get(rows * own.vocabulary);
    own.thread_sums.run(rows, kRowGrain, own.vocabulary, bias_sums, [&](int64_t begin, int64_t end, float* sums) {
      own.vector.softmax_loss_backward(made + begin * own.vocabulary, end - begin, own.vocabulary, scored.targets + first + begin,
                                       log_sums + first + begin, slope + first + begin, d_logits + begin * own.vocabulary, sums);
    });
    if (d_bias != nullptr) {
      for (int64_t i = 0; i < own.vocabulary; ++i) d_bias[i] += bias_sums[i];
    }
    own.products.backward(d_logits, rows, own.table,
                          {.kind = Epilogue::Kind::keep, .columns = own.dimension, .total = d_points + first * own.dimension});
    if (d_table == nullptr) continue;
    own.products.weight_gradient(rows, d_logits, own.vocabulary, own.round(scored.points + first * own.dimension, rows),
                                 own.dimension, d_table, first > 0);
  }
}

void SoftmaxHead::expectation(const float* points, float temperature, int64_t count, float* result) {
  State& own = *state_;
  for (int64_t first = 0; first < count; first += own.chunk()) {
    const int64_t rows = std::min(own.chunk(), count - first);
    float* made = own.rounded_logits(points + first * own.dimension, rows);
    Bfloat16* weights = own.weights.get(rows * own.vocabulary);
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
      own.vector.softmax_rows(made + begin * own.vocabulary, end - begin, own.vocabulary, 1 / temperature,
                              weights + begin * own.vocabulary);
    });
    own.products.backward(weights, rows, own.table,
                          {.kind = Epilogue::Kind::keep, .columns = own.dimension, .total = result + first * own.dimension});
  }
}

void SoftmaxHead::best(const float* points, float factor, int64_t count, int64_t* best, float* probability) {
  State& own = *state_;
  for (int64_t first = 0; first < count; first += own.chunk()) {
    const int64_t rows = std::min(own.chunk(), count - first);
    const float* made = own.logits(points + first * own.dimension, rows);
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
      own.vector.softmax_best(made + begin * own.vocabulary, end - begin, own.vocabulary, factor, best + first + begin,
                              probability + first + begin);
    });
  }
}

}  // namespace difflm
