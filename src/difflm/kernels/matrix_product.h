// Matrix products in float32, by oneDNN.
//
// oneDNN generates machine code for each shape and keeps it; a MatrixProducts keeps the ready primitives, so that a product
// costs only a look-up. Buffers belong to the caller, and are row-major and dense.
#pragma once

#include <cstdint>
#include <memory>

namespace difflm {

// result [rows, columns] (+)= left [rows, inner] . right [inner, columns]
struct ProductShape {
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t inner = 0;
  bool left_transposed = false;  // left is stored [inner, rows]
  bool accumulate = false;       // adds to the result instead of overwriting it
  auto operator<=>(const ProductShape&) const = default;
};

class MatrixProducts {
 public:
  MatrixProducts();
  ~MatrixProducts();
  MatrixProducts(const MatrixProducts&) = delete;
  MatrixProducts& operator=(const MatrixProducts&) = delete;

  void run(const ProductShape& shape, const float* left, const float* right, float* result);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace difflm
