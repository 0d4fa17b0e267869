// The backward pass of attention; see attention.cpp for the layout of its operands.
#include "difflm/kernels/tiled/attention_operands.h"
#include "difflm/kernels/vector/attention.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

constexpr int64_t kQueries = 2 * kBlock;  // processed at a time by the backward pass

struct BackwardArrays {
  const Bfloat16* queries_keys_values;
  const Bfloat16* mixed;
  const float* log_sums;
  const Bfloat16* d_mixed;
  Bfloat16* d_queries_keys_values;
};

class Backward {
 public:
  Backward(const AttentionShape& shape, const float* bias, const Dropout& dropout, float* scratch)
      : keys_(padded(shape.length)),
        columns_(padded(shape.head_size)),
        steps_(columns_ / kInner),
        root_(inverse_root(shape.head_size)),
        bias_(bias),
        is_dropped_(dropout.is_on()),
        mask_(dropout) {
    Shelf shelf(scratch);
    left_ = shelf.words(kBlock * columns_);
    key_tiles_ = shelf.words(keys_ * columns_);
    query_tiles_ = shelf.words(kQueries * columns_);
    query_columns_ = shelf.words(kQueries * columns_);
    slope_tiles_ = shelf.words(kQueries * columns_);
    slope_columns_ = shelf.words(kQueries * columns_);
    d_score_tiles_ = shelf.words(kQueries * keys_);
    weights_ = shelf.words(kBlock * kQueries);
    d_score_rows_ = shelf.words(kBlock * kQueries);
    scores_ = shelf.floats(kBlock * kQueries);
    d_weights_ = shelf.floats(kBlock * kQueries);
    key_bias_ = shelf.floats(kBlock * kQueries);
    d_key_ = shelf.floats(keys_ * columns_);
    d_value_ = shelf.floats(keys_ * columns_);
    d_query_ = shelf.floats(kQueries * columns_);
    log_sums_ = shelf.floats(kQueries);
    products_ = shelf.floats(kQueries);
  }

  static int64_t scratch(int64_t keys, int64_t columns) {
    return keys * columns * 5 / 2 + kBlock * columns / 2 + kQueries * columns * 3 + kQueries * keys / 2 + kBlock * kQueries * 4 +
           kQueries * 2;
  }

  void run(const Item& item, const BackwardArrays& arrays) {
    pack_right_rows(item.part(arrays.queries_keys_values, 1, 0, item.length), key_tiles_);
    for (int64_t first = 0; first < item.length; first += kQueries) {
      const int64_t count = smaller(kQueries, item.length - first);
      load_queries(item, arrays, first, count);
      for (int64_t key = 0; key < item.length; key += kBlock) {
        weigh(item, arrays.queries_keys_values, first, count, key);
        add_key_gradients(key, padded(count), first > 0);
        if (first + count == item.length) store_key_gradients(item, key, arrays.d_queries_keys_values);
      }
      Product{padded(count), columns_, keys_ / kInner}.run(left_tiles(d_score_tiles_, keys_ / kInner),
                                                           right_tiles(key_tiles_, keys_ / kInner), d_query_, columns_);
      store(item, d_query_, 0, first, count, root_, arrays.d_queries_keys_values);
    }
  }

 private:
  void load_queries(const Item& item, const BackwardArrays& arrays, int64_t first, int64_t count) {
    const Rows queries = item.part(arrays.queries_keys_values, 0, first, count);
    const Rows slopes = {arrays.d_mixed + item.place(first), item.width, count, item.size};
    pack_right_rows(queries, query_tiles_);
    pack_right_columns(queries, query_columns_);
    pack_right_rows(slopes, slope_tiles_);
    pack_right_columns(slopes, slope_columns_);
    for (int64_t query = 0; query < padded(count); query += kTile) {
      // Queries beyond the end get zero weight: 2^-infinity.
      const __m512 log_sums = _mm512_mask_loadu_ps(_mm512_set1_ps(kInfinity), first_lanes(count - query),
                                                   arrays.log_sums + item.first_log_sum + first + query);
      _mm512_store_ps(log_sums_ + query, _mm512_mul_ps(_mm512_set1_ps(kLog2E), log_sums));
      __m512 lines[kTile] = {};
      for (int64_t i = 0; i < smaller(kTile, count - query); ++i) {
        const int64_t place = item.place(first + query + i);
        lines[i] = dot(arrays.d_mixed + place, arrays.mixed + place, item.size);
      }
      _mm512_store_ps(products_ + query, sums_of_lines(lines));
    }
  }

  // Spread over the lanes.
  [[gnu::always_inline]] static __m512 dot(const Bfloat16* left, const Bfloat16* right, int64_t size) {
    __m512 sum = _mm512_setzero_ps();
    for (int64_t i = 0; i < size; i += kInner) {
      sum = _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(load_words(left + i, size - i)),
                             reinterpret_cast<__m512bh>(load_words(right + i, size - i)));
    }
    return sum;
  }

  // Weights and gradients of the scores of a block of keys.
  void weigh(const Item& item, const Bfloat16* queries_keys_values, int64_t first, int64_t count, int64_t key) {
    const Product product = {kBlock, padded(count), steps_};
    const int64_t keys = smaller(kBlock, item.length - key);
    product.run(left_operand(item.part(queries_keys_values, 1, key, keys), left_), right_tiles(query_columns_, steps_), scores_,
                kQueries);
    product.run(left_operand(item.part(queries_keys_values, 2, key, keys), left_), right_tiles(slope_columns_, steps_), d_weights_,
                kQueries);
    if (bias_ != nullptr) load_bias(item, first, count, key, keys);
    if (keys % 2 != 0) hide_key(keys);
    for (int64_t query = 0; query < padded(count); query += kTile) {
      weigh_lanes(item, first + query, query, key, tiles_of(keys, 2));
    }
  }

  // bias [queries, keys] -> [keys, queries]
  void load_bias(const Item& item, int64_t first, int64_t count, int64_t key, int64_t keys) {
    const float* rows = item.bias_rows(bias_, first) + key;
    for (int64_t query = 0; query < padded(count); query += kTile) {
      for (int64_t tile = 0; tile < keys; tile += kTile) {
        __m512i lines[kTile] = {};
        for (int64_t i = 0; i < smaller(kTile, count - query); ++i) {
          lines[i] = _mm512_maskz_loadu_epi32(first_lanes(keys - tile), rows + (query + i) * item.length + tile);
        }
        transpose(lines);
        for (int64_t i = 0; i < kTile; ++i) _mm512_store_si512(key_bias_ + (tile + i) * kQueries + query, lines[i]);
      }
    }
  }

  // A key beyond the end that shares a pair with a real one.
  void hide_key(int64_t key) {
    for (int64_t query = 0; query < kQueries; query += kTile) {
      _mm512_store_ps(scores_ + key * kQueries + query, _mm512_set1_ps(-kInfinity));
    }
  }

  // 16 queries, one in a lane, and pairs of keys.
  void weigh_lanes(const Item& item, int64_t query, int64_t lane, int64_t key, int64_t pairs) {
    const __m512 log_sum = _mm512_load_ps(log_sums_ + lane);
    const __m512 product = _mm512_load_ps(products_ + lane);
    const uint32_t place = item.dropout_place(query) + static_cast<uint32_t>(key);
    __m512 weights[2];
    __m512 d_scores[2];
    const auto weigh_key = [&](int64_t row, int64_t side) __attribute__((always_inline)) {
      const int64_t at = row * kQueries + lane;
      __m512 power = _mm512_fmsub_ps(_mm512_set1_ps(root_ * kLog2E), _mm512_load_ps(scores_ + at), log_sum);
      if (bias_ != nullptr) power = _mm512_fmadd_ps(_mm512_set1_ps(kLog2E), _mm512_load_ps(key_bias_ + at), power);
      weights[side] = power_of_two(power);
      __m512 slope = _mm512_load_ps(d_weights_ + at);
      __m512 kept = weights[side];
      if (is_dropped_) {
        const __m512 factors = dropout_factors(mask_, place + static_cast<uint32_t>(row), static_cast<uint32_t>(item.length));
        slope = _mm512_mul_ps(slope, factors);
        kept = _mm512_mul_ps(kept, factors);
      }
      d_scores[side] = _mm512_mul_ps(weights[side], _mm512_sub_ps(slope, product));
      weights[side] = kept;
    };
    const __m512i alternate = alternate_words();
    __m512i lines[kTile] = {};
    for (int64_t pair = 0; pair < pairs; ++pair) {
      weigh_key(2 * pair, 0);
      weigh_key(2 * pair + 1, 1);
      store_pair(round_pair(weights[0], weights[1]), weights_ + 2 * pair * kQueries + lane);
      const __m512i words = round_pair(d_scores[0], d_scores[1]);
      store_pair(words, d_score_rows_ + 2 * pair * kQueries + lane);
      lines[pair] = _mm512_permutexvar_epi16(alternate, words);
    }
    transpose(lines);
    store_tile(lines, d_score_tiles_ + lane * keys_ + key * kTile);
  }

  [[gnu::always_inline]] static void store_pair(__m512i words, Bfloat16* to) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(to), low_half(words));
    _mm256_store_si256(reinterpret_cast<__m256i*>(to + kQueries), high_half(words));
  }

  // Words 0, 16, 1, 17 ...
  [[gnu::always_inline]] static __m512i alternate_words() {
    const __m512i low = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_or_si512(low, _mm512_slli_epi32(_mm512_add_epi32(low, _mm512_set1_epi32(16)), 16));
  }

  void add_key_gradients(int64_t key, int64_t queries, bool accumulate) {
    const int64_t steps = queries / kInner;
    const Product product = {kBlock, columns_, steps, accumulate};
    product.run(left_rows(weights_, kQueries), right_tiles(slope_tiles_, steps), d_value_ + key * columns_, columns_);
    product.run(left_rows(d_score_rows_, kQueries), right_tiles(query_tiles_, steps), d_key_ + key * columns_, columns_);
  }

  void store_key_gradients(const Item& item, int64_t key, Bfloat16* d_queries_keys_values) {
    const int64_t count = smaller(kBlock, item.length - key);
    store(item, d_key_ + key * columns_, 1, key, count, root_, d_queries_keys_values);
    store(item, d_value_ + key * columns_, 2, key, count, 1, d_queries_keys_values);
  }

  void store(const Item& item, const float* from, int64_t part, int64_t first, int64_t count, float factor, Bfloat16* to) {
    for (int64_t i = 0; i < count; ++i) {
      store_rounded(from + i * columns_, item.size, factor, to + item.three_place(part, first + i));
    }
  }

  int64_t keys_;     // length, rounded up to whole blocks
  int64_t columns_;  // head size, rounded up to whole blocks
  int64_t steps_;    // tiles of a head's columns
  float root_;
  const float* bias_;
  bool is_dropped_;
  DropoutMask mask_;
  Bfloat16* left_;           // [kBlock, size], keys or values that do not fill their block
  Bfloat16* key_tiles_;      // [T, size], right
  Bfloat16* query_tiles_;    // [kQueries, size], right
  Bfloat16* query_columns_;  // [size, kQueries], right
  Bfloat16* slope_tiles_;    // of d_mixed [kQueries, size], right
  Bfloat16* slope_columns_;  // of d_mixed [size, kQueries], right
  Bfloat16* d_score_tiles_;  // [kQueries, T], left
  Bfloat16* weights_;        // [kBlock keys, kQueries]
  Bfloat16* d_score_rows_;   // [kBlock keys, kQueries]
  float* scores_;            // [kBlock keys, kQueries]
  float* d_weights_;         // [kBlock keys, kQueries]
  float* key_bias_;          // [kBlock keys, kQueries]
  float* d_key_;             // [T, size]
  float* d_value_;           // [T, size]
  float* d_query_;           // [kQueries, size]
  float* log_sums_;          // [kQueries], in powers of two
  float* products_;          // [kQueries], of d_mixed and mixed
};

}  // namespace

int64_t backward_scratch(const AttentionShape& shape) { return Backward::scratch(padded(shape.length), padded(shape.head_size)); }

void attend_backward(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values,
                     const float* bias, const Dropout& dropout, const Bfloat16* mixed, const float* log_sums,
                     const Bfloat16* d_mixed, Bfloat16* d_queries_keys_values, float* scratch) {
  const TileScope tiles;
  Backward backward(shape, bias, dropout, scratch);
  for (int64_t item = begin; item < end; ++item) {
    backward.run(Item(shape, item), {queries_keys_values, mixed, log_sums, d_mixed, d_queries_keys_values});
  }
}

}  // namespace difflm::DIFFLM_LEVEL
