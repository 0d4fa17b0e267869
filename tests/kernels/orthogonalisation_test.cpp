// The kernel against the same iteration in double precision by plain loops, and what it promises about singular values.
#include "difflm/kernels/orthogonalisation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "kernels/levels.h"

namespace difflm {
namespace {

using Matrix = std::vector<double>;  // dense

Matrix product(const Matrix& left, const Matrix& right, int64_t rows, int64_t inner, int64_t columns) {
  Matrix result(static_cast<size_t>(rows * columns), 0.0);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t k = 0; k < inner; ++k) {
      for (int64_t j = 0; j < columns; ++j) {
        result[static_cast<size_t>(i * columns + j)] +=
            left[static_cast<size_t>(i * inner + k)] * right[static_cast<size_t>(k * columns + j)];
      }
    }
  }
  return result;
}

Matrix transposed(const Matrix& matrix, int64_t rows, int64_t columns) {
  Matrix result(matrix.size());
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) result[static_cast<size_t>(j * rows + i)] = matrix[static_cast<size_t>(i * columns + j)];
  }
  return result;
}

// X <- a X + (b A + c A^2) X, five times, whichever side is longer: the two orders of products give the same matrix.
Matrix orthogonalised(Matrix x, int64_t rows, int64_t columns) {
  double squares = 0;
  for (const double value : x) squares += value * value;
  for (double& value : x) value /= std::sqrt(squares);
  for (int step = 0; step < 5; ++step) {
    const Matrix a = product(x, transposed(x, rows, columns), rows, columns, rows);
    const Matrix a_x = product(a, x, rows, rows, columns);
    const Matrix a_a_x = product(a, a_x, rows, rows, columns);
    for (size_t i = 0; i < x.size(); ++i) x[i] = 3.4445 * x[i] - 4.7750 * a_x[i] + 2.0315 * a_a_x[i];
  }
  return x;
}

std::vector<float> random_matrix(int64_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(1e-3F * normal(random));
  return values;
}

TEST(Orthogonalisation, IsTheIterationInBfloat16) {
  for (const Instructions level : kAllInstructions) {
    if (level > best_instructions()) continue;
    Orthogonalisation orthogonalisation(level);
    for (const auto& [rows, columns] : std::vector<std::pair<int64_t, int64_t>>{{48, 48}, {32, 100}, {100, 32}, {17, 5}, {1, 7}}) {
      SCOPED_TRACE(name_of(level) + " " + std::to_string(rows) + " x " + std::to_string(columns));
      constexpr int64_t kCount = 3;
      const auto before = random_matrix(kCount * rows * columns, 3);
      auto after = before;
      orthogonalisation.run(after.data(), kCount, rows, columns);
      for (int64_t at = 0; at < kCount; ++at) {
        const auto begin = static_cast<size_t>(at * rows * columns);
        const auto size = static_cast<size_t>(rows * columns);
        const Matrix expected = orthogonalised(
            Matrix(before.begin() + static_cast<std::ptrdiff_t>(begin), before.begin() + static_cast<std::ptrdiff_t>(begin + size)),
            rows, columns);
        double error = 0;
        double norm = 0;
        for (size_t i = 0; i < size; ++i) {
          error += std::pow(after[begin + i] - expected[i], 2);
          norm += std::pow(expected[i], 2);
        }
        EXPECT_LT(std::sqrt(error / norm), 0.1);
      }
    }
  }
}

// x^T x of a wide matrix's image has the squared singular values as its eigenvalues: their mean and mean square reveal any
// spread.
TEST(Orthogonalisation, SingularValuesComeNearOne) {
  constexpr int64_t kRows = 24;
  constexpr int64_t kColumns = 60;
  auto values = random_matrix(kRows * kColumns, 7);
  for (int64_t i = 0; i < kColumns; ++i) values[static_cast<size_t>(i)] *= 30;  // one direction far above the others
  Orthogonalisation(best_instructions()).run(values.data(), 1, kRows, kColumns);
  const Matrix x(values.begin(), values.end());
  const Matrix gram = product(x, transposed(x, kRows, kColumns), kRows, kColumns, kRows);
  double trace = 0;
  double squares = 0;
  for (int64_t i = 0; i < kRows; ++i) trace += gram[static_cast<size_t>(i * kRows + i)];
  for (const double value : gram) squares += value * value;
  const double mean = trace / kRows;
  EXPECT_GT(mean, 0.5);
  EXPECT_LT(mean, 1.3);
  EXPECT_LT(squares / kRows - mean * mean, 0.1);  // before: the first direction has nearly all
}

TEST(Orthogonalisation, ZerosStayZeros) {
  std::vector<float> values(64, 0.0F);
  Orthogonalisation(best_instructions()).run(values.data(), 1, 8, 8);
  for (const float value : values) EXPECT_EQ(value, 0.0F);
}

}  // namespace
}  // namespace difflm
