// The right operand of products in float32, laid out in panels (vector/float_product.h), and the product with it on all threads.
#pragma once

#include "difflm/kernels/buffer.h"
#include "difflm/kernels/vector_kernels.h"

namespace difflm {

class FloatPanels {
 public:
  // right [inner, columns]; `transposed`: it is stored [columns, inner], as a linear layer keeps its weight.
  void fill(const VectorKernels& vector, const float* right, bool transposed, int64_t inner, int64_t columns);
  void fill(const VectorKernels& vector, const Bfloat16* right, bool transposed, int64_t inner, int64_t columns);

  // left [rows, inner] . right -> result [rows, columns]. A row's result depends on that row alone, to the last bit.
  void multiply(const VectorKernels& vector, const float* left, int64_t rows, float* result) const;

  int64_t reallocations() const { return values_.reallocations(); }

 private:
  float* resize(const VectorKernels& vector, int64_t inner, int64_t columns);

  int64_t inner_ = 0;
  int64_t columns_ = 0;
  int64_t panels_ = 0;
  Buffer<float> values_;
};

}  // namespace difflm
