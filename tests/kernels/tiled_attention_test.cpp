// Attention in tiles, at every level that has them, against the definition in double precision, over sizes that do and do not fill
// tiles, and that it touches and reads only what belongs to its items.
#include "difflm/kernels/tile_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace difflm {
namespace {

constexpr double kTolerance = 0.01;  // of the norm
constexpr double kTiny = 1e-6;       // a norm, where dropout has left nothing
constexpr int64_t kTileRows = 16;
constexpr Bfloat16 kUntouched = 0x7F81;  // a NaN that no arithmetic produces
constexpr int64_t kGuard = 64;

struct Case {
  AttentionShape shape;
  bool is_biased = false;
  bool is_causal = false;
  float dropout = 0;
  int64_t begin = 0;
  int64_t end = 0;

  std::string text() const {
    return "T " + std::to_string(shape.length) + ", heads " + std::to_string(shape.heads) + ", size " +
           std::to_string(shape.head_size) + (is_biased ? ", bias" : "") + (is_causal ? ", causal" : "") + ", dropout " +
           std::to_string(dropout) + ", items " + std::to_string(begin) + " to " + std::to_string(end);
  }
};

struct Arrays {
  std::vector<Bfloat16> queries_keys_values;  // [B,T,3*width]
  std::vector<float> bias;                    // [heads,T,T] or empty
  std::vector<Bfloat16> mixed;                // [B,T,width]
  std::vector<float> log_sums;                // [B,heads,T]
  std::vector<Bfloat16> d_mixed;              // [B,T,width]
  std::vector<Bfloat16> d_queries_keys_values;
};

// The result for one item by the definition.
struct Reference {
  std::vector<double> mixed;     // [T,size]
  std::vector<double> log_sums;  // [T]
  std::vector<double> d_query;   // [T,size]
  std::vector<double> d_key;
  std::vector<double> d_value;
};

struct Place {
  const AttentionShape& shape;
  int64_t item;
  size_t three(int64_t part, int64_t row, int64_t column) const {
    return static_cast<size_t>(((item / shape.heads * shape.length + row) * 3 + part) * shape.width() +
                               item % shape.heads * shape.head_size + column);
  }
  size_t one(int64_t row, int64_t column) const {
    return static_cast<size_t>((item / shape.heads * shape.length + row) * shape.width() + item % shape.heads * shape.head_size +
                               column);
  }
};

Reference attend_by_definition(const Case& given, const Arrays& arrays, const Dropout& dropout, int64_t item) {
  const AttentionShape& shape = given.shape;
  const Place place{shape, item};
  const int64_t length = shape.length;
  const int64_t size = shape.head_size;
  const DropoutMask mask(dropout);
  const double root = 1 / std::sqrt(static_cast<double>(size));
  const auto at = [&](int64_t part, int64_t row, int64_t i) {
    return to_float(arrays.queries_keys_values[place.three(part, row, i)]);
  };
  const auto cells = static_cast<size_t>(length * size);
  Reference result{std::vector<double>(cells), std::vector<double>(static_cast<size_t>(length)), std::vector<double>(cells),
                   std::vector<double>(cells), std::vector<double>(cells)};
  std::vector<double> weights(static_cast<size_t>(length));
  std::vector<double> slopes(static_cast<size_t>(length));
  for (int64_t query = 0; query < length; ++query) {
    double most = -std::numeric_limits<double>::infinity();
    for (int64_t key = 0; key < length; ++key) {
      double score = 0;
      for (int64_t i = 0; i < size; ++i) score += at(0, query, i) * at(1, key, i);
      score *= root;
      if (!arrays.bias.empty()) score += arrays.bias[static_cast<size_t>((item % shape.heads * length + query) * length + key)];
      weights[static_cast<size_t>(key)] = score;
      most = std::max(most, score);
    }
    double sum = 0;
    for (double& weight : weights) {
      weight = std::exp(weight - most);
      sum += weight;
    }
    result.log_sums[static_cast<size_t>(query)] = most + std::log(sum);
    double product = 0;
    for (int64_t key = 0; key < length; ++key) {
      const auto k = static_cast<size_t>(key);
      weights[k] /= sum;
      const double factor = dropout.is_on() ? mask.factor(static_cast<uint32_t>((item * length + query) * length + key)) : 1;
      double slope = 0;
      for (int64_t i = 0; i < size; ++i) {
        const double d_mixed = to_float(arrays.d_mixed[place.one(query, i)]);
        slope += factor * d_mixed * at(2, key, i);
        result.mixed[static_cast<size_t>(query * size + i)] += factor * weights[k] * at(2, key, i);
        result.d_value[static_cast<size_t>(key * size + i)] += factor * weights[k] * d_mixed;
      }
      slopes[k] = slope;
      product += weights[k] * slope;
    }
    for (int64_t key = 0; key < length; ++key) {
      const auto k = static_cast<size_t>(key);
      const double d_score = root * weights[k] * (slopes[k] - product);
      for (int64_t i = 0; i < size; ++i) {
        result.d_query[static_cast<size_t>(query * size + i)] += d_score * at(1, key, i);
        result.d_key[static_cast<size_t>(key * size + i)] += d_score * at(0, query, i);
      }
    }
  }
  return result;
}

// Random inputs in the sequences of the items, NaN in all others and in all results.
Arrays make_arrays(const Case& given) {
  const AttentionShape& shape = given.shape;
  const int64_t tokens = shape.batch * shape.length;
  std::mt19937 random(static_cast<unsigned>(1000 * shape.length + shape.head_size));
  std::normal_distribution<float> normal;
  const auto fill = [&](int64_t columns) {
    std::vector<Bfloat16> values(static_cast<size_t>(tokens * columns), kUntouched);
    const int64_t first = given.begin / shape.heads * shape.length * columns;
    const int64_t last = ((given.end - 1) / shape.heads + 1) * shape.length * columns;
    for (int64_t i = first; i < last; ++i) values[static_cast<size_t>(i)] = to_bfloat16(normal(random));
    return values;
  };
  Arrays arrays;
  arrays.queries_keys_values = fill(3 * shape.width());
  arrays.d_mixed = fill(shape.width());
  if (given.is_biased || given.is_causal) {
    for (int64_t head = 0; head < shape.heads; ++head) {
      for (int64_t query = 0; query < shape.length; ++query) {
        for (int64_t key = 0; key < shape.length; ++key) {
          const bool is_hidden = given.is_causal && key > query;
          arrays.bias.push_back(is_hidden ? -std::numeric_limits<float>::infinity() : given.is_biased ? normal(random) : 0.0F);
        }
      }
    }
  }
  arrays.mixed.assign(static_cast<size_t>(tokens * shape.width()), kUntouched);
  arrays.d_queries_keys_values.assign(static_cast<size_t>(tokens * 3 * shape.width()), kUntouched);
  arrays.log_sums.assign(static_cast<size_t>(tokens * shape.heads), -1234.5F);
  return arrays;
}

void run(const TileKernels& kernels, const Case& given, const Dropout& dropout, Arrays& arrays) {
  const int64_t scratch_size = kernels.attention_scratch(given.shape);
  const auto floats = static_cast<size_t>((scratch_size + kGuard + 15) / 16 * 16);
  const std::unique_ptr<float, decltype(&std::free)> scratch(static_cast<float*>(std::aligned_alloc(64, floats * sizeof(float))),
                                                             &std::free);
  std::fill_n(scratch.get(), floats, std::numeric_limits<float>::quiet_NaN());  // what is left of other calls must not matter
  float* guard = scratch.get() + scratch_size;
  std::fill_n(guard, kGuard, 99.0F);
  const float* bias = arrays.bias.empty() ? nullptr : arrays.bias.data();
  kernels.attend(given.shape, given.begin, given.end, arrays.queries_keys_values.data(), bias, dropout, arrays.mixed.data(),
                 arrays.log_sums.data(), scratch.get());
  kernels.attend_backward(given.shape, given.begin, given.end, arrays.queries_keys_values.data(), bias, dropout,
                          arrays.mixed.data(), arrays.log_sums.data(), arrays.d_mixed.data(), arrays.d_queries_keys_values.data(),
                          scratch.get());
  EXPECT_EQ(std::count(guard, guard + kGuard, 99.0F), kGuard) << "attention_scratch is too small";
}

// |got - wanted| / |wanted|, where a norm below `least` counts as that.
template <class Got>
double relative_error(const std::vector<double>& wanted, double least, const Got& got) {
  double error = 0;
  double norm = 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const double difference = got(i) - wanted[i];
    error += difference * difference;
    norm += wanted[i] * wanted[i];
  }
  return std::sqrt(error) / std::max(std::sqrt(norm), least);
}

void expect_item(const Case& given, const Arrays& arrays, const Dropout& dropout, int64_t item) {
  const AttentionShape& shape = given.shape;
  const Reference wanted = attend_by_definition(given, arrays, dropout, item);
  const Place place{shape, item};
  const auto row = [&](size_t i) { return static_cast<int64_t>(i) / shape.head_size; };
  const auto column = [&](size_t i) { return static_cast<int64_t>(i) % shape.head_size; };
  // The gradient of a softmax over few keys is a small difference of numbers that have been rounded.
  const double least = shape.length < kTileRows ? std::sqrt(static_cast<double>(shape.length * shape.head_size)) / 2 : kTiny;
  EXPECT_LT(relative_error(wanted.mixed, kTiny, [&](size_t i) { return to_float(arrays.mixed[place.one(row(i), column(i))]); }),
            kTolerance);
  for (int64_t query = 0; query < shape.length; ++query) {
    EXPECT_NEAR(arrays.log_sums[static_cast<size_t>(item * shape.length + query)], wanted.log_sums[static_cast<size_t>(query)],
                2e-5);
  }
  const std::vector<double>* gradients[] = {&wanted.d_query, &wanted.d_key, &wanted.d_value};
  for (int64_t part = 0; part < 3; ++part) {
    EXPECT_LT(
        relative_error(*gradients[part], least,
                       [&](size_t i) { return to_float(arrays.d_queries_keys_values[place.three(part, row(i), column(i))]); }),
        kTolerance)
        << "gradient of part " << part << ", item " << item;
  }
}

void expect_others_untouched(const Case& given, const Arrays& arrays) {
  for (int64_t item = 0; item < given.shape.batch * given.shape.heads; ++item) {
    if (item >= given.begin && item < given.end) continue;
    const Place place{given.shape, item};
    for (int64_t row = 0; row < given.shape.length; ++row) {
      EXPECT_EQ(arrays.log_sums[static_cast<size_t>(item * given.shape.length + row)], -1234.5F);
      for (int64_t i = 0; i < given.shape.head_size; ++i) {
        ASSERT_EQ(arrays.mixed[place.one(row, i)], kUntouched);
        for (int64_t part = 0; part < 3; ++part) ASSERT_EQ(arrays.d_queries_keys_values[place.three(part, row, i)], kUntouched);
      }
    }
  }
}

void check(Instructions level, const Case& given) {
  SCOPED_TRACE(given.text());
  const Dropout dropout{given.dropout, 4711};
  Arrays arrays = make_arrays(given);
  run(*tile_kernels(level), given, dropout, arrays);
  for (int64_t item = given.begin; item < given.end; ++item) expect_item(given, arrays, dropout, item);
  expect_others_untouched(given, arrays);
}

constexpr int64_t kLengths[] = {1, 5, 16, 17, 32, 33, 64, 65, 130, 200};

constexpr Instructions kLevels[] = {Instructions::avx512_bf16, Instructions::amx};

class TiledAttention : public testing::TestWithParam<std::tuple<Instructions, int64_t>> {
 protected:
  void SetUp() override {
    if (level() > best_instructions()) GTEST_SKIP() << "this processor has no " << name_of(level());
  }
  static Instructions level() { return std::get<0>(GetParam()); }
  static int64_t length() { return std::get<1>(GetParam()); }
};

TEST_P(TiledAttention, IsTheDefinition) {
  for (const int64_t size : {5, 16, 20, 32, 48, 64, 80}) check(level(), {{1, length(), 2, size}, false, false, 0, 0, 2});
}

TEST_P(TiledAttention, DropsWhatItsPlacesSay) {
  for (const int64_t size : {5, 16, 20, 32, 48, 64, 80}) check(level(), {{2, length(), 2, size}, false, false, 0.3F, 2, 4});
}

TEST_P(TiledAttention, HidesLaterKeys) {
  for (const int64_t size : {5, 16, 20, 32, 48, 64, 80}) check(level(), {{1, length(), 2, size}, false, true, 0, 0, 2});
}

TEST_P(TiledAttention, AddsTheBiasOfTheHeadWithDropout) {
  for (const int64_t size : {16, 20, 64}) check(level(), {{1, length(), 3, size}, true, true, 0.3F, 0, 3});
}

// Sequences before and after hold NaN, and the range begins and ends between heads of a sequence.
TEST_P(TiledAttention, KeepsToItsItems) {
  for (const int64_t size : {5, 16, 48}) check(level(), {{4, length(), 3, size}, true, false, 0, 4, 8});
}

INSTANTIATE_TEST_SUITE_P(Levels, TiledAttention, testing::Combine(testing::ValuesIn(kLevels), testing::ValuesIn(kLengths)),
                         [](const auto& test) {
                           return name_of(std::get<0>(test.param)) + "_" + std::to_string(std::get<1>(test.param));
                         });

TEST(TiledAttentionLimits, TakesLargeHeadsAndLengths) {
  bool is_tried = false;
  for (const Instructions level : kLevels) {
    if (level > best_instructions()) continue;
    is_tried = true;
    check(level, {{1, 40, 1, 256}, false, false, 0, 0, 1});
    check(level, {{1, 1024, 1, 16}, true, true, 0.1F, 0, 1});
  }
  if (!is_tried) GTEST_SKIP() << "this processor does not multiply in bfloat16";
}

}  // namespace
}  // namespace difflm
