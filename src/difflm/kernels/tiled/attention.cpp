// One head of one sequence at a time. What fills whole blocks of tiles goes into the products as it is stored; everything else is
// first copied into tiles whose padding is zero, so any length and head size will do and nothing beyond a head is read. What meets
// padding in a product must be finite.
//
// In the forward pass scores are stored [queries, keys]: their rounded rows are left operands of weights . values without a copy.
// In the backward pass they are stored [keys, queries]: then the left operands of weights^T . d_mixed and d_scores^T . queries need
// no copy either, each query has its lane, and only d_scores . keys needs a transpose.
//
// Softmax is in powers of two: 2^(x log2 e) = e^x.
#include "difflm/kernels/vector/attention.h"
#include "difflm/kernels/tiled/attention_operands.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

class Forward {
 public:
  Forward(const AttentionShape& shape, const float* bias, const Dropout& dropout, float* scratch)
      : keys_(padded(shape.length)),
        columns_(padded(shape.head_size)),
        scale_(inverse_root(shape.head_size) * kLog2E),
        bias_(bias),
        is_dropped_(dropout.is_on()),
        mask_(dropout) {
    Shelf shelf(scratch);
    key_tiles_ = shelf.words(keys_ * columns_);
    value_tiles_ = shelf.words(keys_ * columns_);
    query_tiles_ = shelf.words(kBlock * columns_);
    scores_ = shelf.floats(kBlock * keys_);
    weights_ = shelf.words(kBlock * keys_);
    result_ = shelf.floats(kBlock * columns_);
    shares_ = shelf.floats(kBlock);
  }

  static int64_t scratch(int64_t keys, int64_t columns) {
    return keys * columns + kBlock * columns / 2 + kBlock * keys * 3 / 2 + kBlock * columns + kBlock;
  }

  void run(const Item& item, const Bfloat16* queries_keys_values, Bfloat16* mixed, float* log_sums) {
    pack_right_columns(item.part(queries_keys_values, 1, 0, item.length), key_tiles_);
    pack_right_rows(item.part(queries_keys_values, 2, 0, item.length), value_tiles_);
    score(item, queries_keys_values, 0);
    for (int64_t first = 0; first < item.length; first += kBlock) {
      const int64_t count = smaller(kBlock, item.length - first);
      for (int64_t row = 0; row < count; row += kTile) {
        weigh(item, first + row, row, smaller(kTile, count - row), log_sums + item.first_log_sum + first + row);
      }
      Product{kBlock, columns_, keys_ / kInner}.run(left_rows(weights_, keys_), right_tiles(value_tiles_, keys_ / kInner), result_,
                                                    columns_);
      if (first + kBlock < item.length) score(item, queries_keys_values, first + kBlock);  // before waiting for the result
      for (int64_t i = 0; i < count; ++i) {
        store_rounded(result_ + i * columns_, item.size, shares_[i], mixed + item.place(first + i));
      }
    }
  }

 private:
  // A row of scores and of bias, in powers of two.
  struct ScoreRow {
    const float* scores;
    const float* bias;
    __m512 scale;

    // Minus `base`; lanes that the mask hides are -infinity.
    [[gnu::always_inline]] __m512 at(int64_t key, __mmask16 mask, __m512 base) const {
      if (bias != nullptr) base = _mm512_fnmadd_ps(_mm512_set1_ps(kLog2E), _mm512_maskz_loadu_ps(mask, bias + key), base);
      return _mm512_fmsub_ps(scale, _mm512_mask_loadu_ps(_mm512_set1_ps(-kInfinity), mask, scores + key), base);
    }
  };

  // Scores of a block of queries from `first` on with all keys.
  void score(const Item& item, const Bfloat16* queries_keys_values, int64_t first) {
    const int64_t steps = columns_ / kInner;
    const Rows queries = item.part(queries_keys_values, 0, first, smaller(kBlock, item.length - first));
    Product{kBlock, keys_, steps}.run(left_operand(queries, query_tiles_), right_tiles(key_tiles_, steps), scores_, keys_);
  }

  // Weights of up to 16 queries from `query` on, which are not yet divided by their sum: shares_ keeps 1 / sum.
  void weigh(const Item& item, int64_t query, int64_t row, int64_t count, float* log_sums) {
    const float* bias = item.bias_rows(bias_, query);
    const auto row_of = [&](int64_t i) {
      return ScoreRow{scores_ + (row + i) * keys_, bias == nullptr ? nullptr : bias + i * item.length, _mm512_set1_ps(scale_)};
    };
    __m512 lines[kTile] = {};
    for (int64_t i = 0; i < count; ++i) lines[i] = largest(row_of(i), item.length);
    alignas(64) float most[kTile];
    _mm512_store_ps(most, largest_of_lines(lines));
    for (int64_t i = 0; i < count; ++i) {
      lines[i] = raise(row_of(i), item.length, most[i], item.dropout_place(query + i), weights_ + (row + i) * keys_);
    }
    const __m512 sums = sums_of_lines(lines);
    _mm512_store_ps(shares_ + row, _mm512_div_ps(_mm512_set1_ps(1), sums));
    const __m512 log_sum = _mm512_mul_ps(_mm512_set1_ps(kLn2), _mm512_add_ps(_mm512_load_ps(most), logarithm_of_two(sums)));
    _mm512_mask_storeu_ps(log_sums, first_lanes(count), log_sum);
  }

  [[gnu::always_inline]] static __m512 largest(const ScoreRow& row, int64_t length) {
    __m512 most = _mm512_set1_ps(-kInfinity);
    int64_t key = 0;
    const __m512 zero = _mm512_setzero_ps();
    for (; key + kTile <= length; key += kTile) most = _mm512_max_ps(most, row.at(key, 0xFFFFU, zero));
    if (key < length) most = _mm512_max_ps(most, row.at(key, first_lanes(length - key), zero));
    return most;
  }

  // weights = 2^(score - most) with dropout, up to whole tiles; returns their sum without dropout, spread over the lanes.
  [[gnu::always_inline]] __m512 raise(const ScoreRow& row, int64_t length, float most, uint32_t place, Bfloat16* weights) const {
    __m512 sum = _mm512_setzero_ps();
    const auto weights_at = [&](int64_t key, __mmask16 mask) __attribute__((always_inline)) {
      const __m512 power = power_of_two(row.at(key, mask, _mm512_set1_ps(most)));
      sum = _mm512_add_ps(sum, power);
      if (!is_dropped_) return power;
      return _mm512_mul_ps(power, dropout_factors(mask_, place + static_cast<uint32_t>(key), 1));
    };
    int64_t key = 0;
    for (; key + kInner <= length; key += kInner) {
      _mm512_store_si512(weights + key, round_pair(weights_at(key, 0xFFFFU), weights_at(key + kTile, 0xFFFFU)));
    }
    if (key < length) {
      const __m512 front = weights_at(key, first_lanes(length - key));
      _mm512_store_si512(weights + key, round_pair(front, weights_at(key + kTile, first_lanes(length - key - kTile))));
    }
    return sum;
  }

  int64_t keys_;     // length, rounded up to whole blocks
  int64_t columns_;  // head size, rounded up to whole blocks
  float scale_;
  const float* bias_;
  bool is_dropped_;
  DropoutMask mask_;
  Bfloat16* key_tiles_;    // [size, T]
  Bfloat16* value_tiles_;  // [T, size]
  Bfloat16* query_tiles_;  // [kBlock, size]
  float* scores_;          // [kBlock, T]
  Bfloat16* weights_;      // [kBlock, T]
  float* result_;          // [kBlock, size]
  float* shares_;          // [kBlock]
};

}  // namespace

int64_t attention_scratch(const AttentionShape& shape) {
  const int64_t forward = Forward::scratch(padded(shape.length), padded(shape.head_size));
  const int64_t backward = backward_scratch(shape);
  return forward > backward ? forward : backward;
}

void attend(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values, const float* bias,
            const Dropout& dropout, Bfloat16* mixed, float* log_sums, float* scratch) {
  const TileScope tiles;
  Forward forward(shape, bias, dropout, scratch);
  for (int64_t item = begin; item < end; ++item) forward.run(Item(shape, item), queries_keys_values, mixed, log_sums);
}

}  // namespace difflm::DIFFLM_LEVEL
