// Matrix products at every level of instructions that this processor has, with every epilogue, against sums in double precision.
#include "difflm/kernels/products.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <random>

#include "difflm/core/error.h"
#include "kernels/levels.h"

namespace difflm {
namespace {

using Kind = Epilogue::Kind;

struct Sizes {
  int64_t rows, outputs, inputs;
};

std::vector<Bfloat16> random_values(int64_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<Bfloat16> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(to_bfloat16(normal(random)));
  return values;
}

std::vector<float> random_floats(int64_t count, uint32_t seed) {
  std::vector<float> values;
  for (const Bfloat16 value : random_values(count, seed)) values.push_back(to_float(value));
  return values;
}

double gelu_of(double x) { return 0.5 * x * std::erfc(-x / std::sqrt(2.0)); }
double gelu_slope_of(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * std::exp(-0.5 * x * x) / std::sqrt(2 * std::acos(-1.0));
}

class ProductsTest : public testing::TestWithParam<std::tuple<Instructions, Sizes>> {
 protected:
  void SetUp() override {
    if (level() > best_instructions()) GTEST_SKIP() << "this processor has no " << name_of(level());
    const auto& [rows, outputs, inputs] = sizes();
    input_ = random_values(rows * inputs, 1);
    slope_ = random_values(rows * outputs, 2);
    rows_ = random_values(outputs * inputs, 3);
    // Sums of about unit size, where the GELU has its bend.
    for (auto& value : rows_) value = to_bfloat16(to_float(value) / std::sqrt(static_cast<float>(inputs)));
    std::copy(rows_.begin(), rows_.end(), weight_.refill(outputs, inputs));
  }
  static Instructions level() { return std::get<0>(GetParam()); }
  static const Sizes& sizes() { return std::get<1>(GetParam()); }

  // input . weight^T [rows, outputs] and slope . weight [rows, inputs]
  std::vector<double> forward() const {
    return sums(sizes().rows, sizes().outputs, sizes().inputs, [&](int64_t i, int64_t j, int64_t k) {
      return to_float(input_[at(i, k, sizes().inputs)]) * to_float(rows_[at(j, k, sizes().inputs)]);
    });
  }
  std::vector<double> backward() const {
    return sums(sizes().rows, sizes().inputs, sizes().outputs, [&](int64_t i, int64_t j, int64_t k) {
      return to_float(slope_[at(i, k, sizes().outputs)]) * to_float(rows_[at(k, j, sizes().inputs)]);
    });
  }
  std::vector<double> gradient() const {
    return sums(sizes().outputs, sizes().inputs, sizes().rows, [&](int64_t i, int64_t j, int64_t k) {
      return to_float(slope_[at(k, i, sizes().outputs)]) * to_float(input_[at(k, j, sizes().inputs)]);
    });
  }

  static size_t at(int64_t row, int64_t column, int64_t columns) { return static_cast<size_t>(row * columns + column); }

  template <class Term>
  static std::vector<double> sums(int64_t rows, int64_t columns, int64_t inner, const Term& term) {
    std::vector<double> result;
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < columns; ++j) {
        double sum = 0;
        for (int64_t k = 0; k < inner; ++k) sum += term(i, j, k);
        result.push_back(sum);
      }
    }
    return result;
  }

  std::vector<Bfloat16> input_, slope_, rows_;
  PackedMatrix weight_;
};

constexpr double kRounding = 1.0 / 256;  // of bfloat16, half a unit in the last place is 2^-9

TEST_P(ProductsTest, ForwardWithBiasRounds) {
  Products products(level());
  const auto bias = random_floats(sizes().outputs, 4);
  const auto expected = forward();
  std::vector<Bfloat16> result(expected.size());
  products.forward(input_.data(), sizes().rows, weight_,
                   {.columns = sizes().outputs, .bias = bias.data(), .result = result.data()});
  for (size_t i = 0; i < expected.size(); ++i) {
    const double value = expected[i] + bias[i % bias.size()];
    EXPECT_NEAR(to_float(result[i]), value, kRounding * std::abs(value) + 1e-4) << i;
  }
}

// Operands that need more precision than bfloat16, at the levels that multiply in float32; the others report that they do not.
TEST_P(ProductsTest, ForwardOfFloatsLosesNothing) {
  Products products(level());
  const auto& [rows, outputs, inputs] = sizes();
  std::vector<float> left;
  std::vector<float> weight;
  for (const Bfloat16 value : input_) left.push_back(to_float(value) + 1e-3F);
  for (const Bfloat16 value : rows_) weight.push_back(to_float(value) + 1e-3F);
  std::vector<float> result(static_cast<size_t>(rows * outputs), 7);
  const Epilogue keep = {.kind = Kind::keep, .columns = outputs, .total = result.data()};
  FloatPanels right;
  right.fill(products.vector(), weight.data(), true, inputs, outputs);
  if (!products.multiplies_floats()) {
    EXPECT_THROW(products.forward(left.data(), rows, right, inputs, keep), Error);
    return;
  }
  products.forward(left.data(), rows, right, inputs, keep);
  const auto expected = sums(rows, outputs, inputs, [&, columns = inputs](int64_t i, int64_t j, int64_t k) {
    return static_cast<double>(left[at(i, k, columns)]) * weight[at(j, k, columns)];
  });
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(result[i], expected[i], 1e-5 * std::sqrt(sizes().inputs)) << i;
}

TEST_P(ProductsTest, BackwardKeepsFloats) {
  Products products(level());
  const auto expected = backward();
  std::vector<float> result(expected.size(), 7);
  products.backward(slope_.data(), sizes().rows, weight_, {.kind = Kind::keep, .columns = sizes().inputs, .total = result.data()});
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(result[i], expected[i], 1e-4 * std::sqrt(sizes().outputs)) << i;
}

TEST_P(ProductsTest, AddsWithDropout) {
  Products products(level());
  const auto expected = forward();
  for (const Dropout dropout : {Dropout{}, Dropout{0.3F, 9}}) {
    std::vector<float> stream(expected.size(), 0.5F);
    products.forward(input_.data(), sizes().rows, weight_,
                     {.kind = Kind::add, .columns = sizes().outputs, .total = stream.data(), .dropout = dropout, .place = 11});
    const DropoutMask mask(dropout);
    for (size_t i = 0; i < expected.size(); ++i) {
      const double factor = mask.factor(static_cast<uint32_t>(11 + i));
      EXPECT_NEAR(stream[i], 0.5 + factor * expected[i], 1e-4 * std::sqrt(sizes().inputs)) << i;
    }
  }
}

TEST_P(ProductsTest, GeluForwardAndBackward) {
  Products products(level());
  const auto product = forward();
  std::vector<Bfloat16> before(product.size());
  std::vector<Bfloat16> activated(product.size());
  products.forward(input_.data(), sizes().rows, weight_,
                   {.kind = Kind::gelu, .columns = sizes().outputs, .result = before.data(), .activated = activated.data()});
  for (size_t i = 0; i < product.size(); ++i) {
    EXPECT_NEAR(to_float(before[i]), product[i], kRounding * std::abs(product[i]) + 1e-4);
    const double value = gelu_of(to_float(before[i]));
    EXPECT_NEAR(to_float(activated[i]), value, kRounding * std::abs(value) + 4e-4) << to_float(before[i]);
  }

  const auto slope = backward();
  std::vector<Bfloat16> inner = random_values(static_cast<int64_t>(slope.size()), 5);
  for (size_t i = 0; i < inner.size(); ++i) inner[i] = to_bfloat16(2 * to_float(inner[i]));
  std::vector<Bfloat16> result(slope.size());
  std::vector<Bfloat16> again(slope.size());
  std::vector<float> column_sums(static_cast<size_t>(sizes().inputs), 5);
  products.backward(slope_.data(), sizes().rows, weight_,
                    {.kind = Kind::gelu_backward,
                     .columns = sizes().inputs,
                     .result = result.data(),
                     .activated = again.data(),
                     .before = inner.data()},
                    column_sums.data());
  std::vector<double> sums(column_sums.size());
  for (size_t i = 0; i < slope.size(); ++i) {
    const double x = to_float(inner[i]);
    const double value = slope[i] * gelu_slope_of(x);
    sums[i % sums.size()] += value;
    EXPECT_NEAR(to_float(result[i]), value, kRounding * std::abs(value) + 2e-3 * std::abs(slope[i]) + 1e-4) << x;
    EXPECT_NEAR(to_float(again[i]), gelu_of(x), kRounding * std::abs(gelu_of(x)) + 5e-4) << x;
  }
  for (size_t i = 0; i < sums.size(); ++i) {
    EXPECT_NEAR(column_sums[i], sums[i], 4e-3 * std::sqrt(sizes().rows * sizes().outputs) + 1e-3) << i;
  }
}

TEST_P(ProductsTest, WeightGradientOverwritesAndAdds) {
  Products products(level());
  const auto expected = gradient();
  std::vector<float> result(expected.size(), 3);
  for (const int repeat : {1, 2}) {
    products.weight_gradient(sizes().rows, slope_.data(), sizes().outputs, input_.data(), sizes().inputs, result.data(),
                             repeat > 1);
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(result[i], repeat * expected[i], repeat * 1e-4 * std::sqrt(sizes().rows)) << i;
    }
  }
}

// Each row, to the last bit, is what it is alone, wherever it stands among others and whatever the number of threads.
TEST_P(ProductsTest, RowsDoNotDependOnEachOther) {
  Products products(level());
  const auto& [rows, outputs, inputs] = sizes();
  const auto both = [&, o = outputs, i = inputs](int64_t first, int64_t count) {
    std::vector<float> result(static_cast<size_t>(count * (o + i)));
    products.forward(input_.data() + first * i, count, weight_, {.kind = Kind::keep, .columns = o, .total = result.data()});
    products.backward(slope_.data() + first * o, count, weight_,
                      {.kind = Kind::keep, .columns = i, .total = result.data() + count * o});
    return std::pair(std::vector<float>(result.begin(), result.begin() + count * o),
                     std::vector<float>(result.begin() + count * o, result.end()));
  };
  const auto [forward_all, backward_all] = both(0, rows);
  const auto part = [](const std::vector<float>& all, int64_t first, int64_t count, int64_t columns) {
    return std::vector<float>(all.begin() + first * columns, all.begin() + (first + count) * columns);
  };
  const int threads = omp_get_max_threads();
  for (const int64_t count : {int64_t{1}, int64_t{5}, int64_t{20}, int64_t{47}}) {
    omp_set_num_threads(count % 2 == 0 ? 2 : 1);
    for (int64_t first = 0; first + count <= rows; first += 1 + rows / 7) {
      const auto [forward_part, backward_part] = both(first, count);
      EXPECT_EQ(forward_part, part(forward_all, first, count, outputs)) << first << " " << count;
      EXPECT_EQ(backward_part, part(backward_all, first, count, inputs)) << first << " " << count;
    }
  }
  omp_set_num_threads(threads);
}

// A weight that changed is laid out again, and buffers stop growing.
TEST_P(ProductsTest, FollowsTheWeight) {
  Products products(level());
  std::vector<float> result(static_cast<size_t>(sizes().rows * sizes().outputs));
  const Epilogue keep = {.kind = Kind::keep, .columns = sizes().outputs, .total = result.data()};
  products.forward(input_.data(), sizes().rows, weight_, keep);
  const auto first = result;
  const int64_t grown = products.reallocations() + weight_.reallocations();
  Bfloat16* rows = weight_.refill(sizes().outputs, sizes().inputs);
  for (size_t i = 0; i < rows_.size(); ++i) rows[i] = to_bfloat16(-2 * to_float(rows_[i]));
  products.forward(input_.data(), sizes().rows, weight_, keep);
  for (size_t i = 0; i < result.size(); ++i) EXPECT_FLOAT_EQ(result[i], -2 * first[i]);
  EXPECT_EQ(products.reallocations() + weight_.reallocations(), grown);
}

INSTANTIATE_TEST_SUITE_P(Levels, ProductsTest,
                         testing::Combine(testing::ValuesIn(kAllInstructions),
                                          testing::Values(Sizes{64, 96, 64}, Sizes{1, 1, 1}, Sizes{33, 17, 5}, Sizes{31, 100, 60},
                                                          Sizes{300, 40, 130}, Sizes{18, 512, 128}, Sizes{1100, 33, 31},
                                                          Sizes{700, 64, 1100}, Sizes{600, 512, 3})),
                         [](const auto& test) {
                           const Sizes& s = std::get<1>(test.param);
                           return name_of(std::get<0>(test.param)) + "_" + std::to_string(s.rows) + "_" +
                                  std::to_string(s.outputs) + "_" + std::to_string(s.inputs);
                         });

}  // namespace
}  // namespace difflm
