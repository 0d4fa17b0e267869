// The matrix products of the kernels, by the best means of each level of instructions: own tiles (tiled/) where it multiplies in
// bfloat16, else panels in float32 (vector/float_product.h), and oneDNN for gradients of weights. Operands are bfloat16 and sums
// float32 at every level, so that the levels agree except for the order of sums. In `forward` and `backward` each row of the result
// depends on its own operands alone, to the last bit, however many rows there are. All functions run on all threads.
#pragma once

#include <memory>

#include "difflm/kernels/epilogue.h"
#include "difflm/kernels/packed_matrix.h"
#include "difflm/kernels/tile_kernels.h"
#include "difflm/kernels/vector_kernels.h"

namespace difflm {

class Products {
 public:
  explicit Products(Instructions level);
  ~Products();
  Products(const Products&) = delete;
  Products& operator=(const Products&) = delete;

  const VectorKernels& vector() const { return vector_; }

  // left [rows, inputs] . weight^T -> epilogue of columns = outputs
  void forward(const Bfloat16* left, int64_t rows, PackedMatrix& weight, const Epilogue& epilogue);

  // True where products are made in float32, so that operands that need more precision than bfloat16 need not be split.
  bool multiplies_floats() const { return tiles_ == nullptr; }

  // left [rows, inputs] . right, of `epilogue.columns`; only where `multiplies_floats`.
  void forward(const float* left, int64_t rows, const FloatPanels& right, int64_t inputs, const Epilogue& epilogue);

  // left [rows, outputs] . weight -> epilogue of columns = inputs. `column_sums` [inputs] is overwritten if the epilogue has sums.
  void backward(const Bfloat16* left, int64_t rows, PackedMatrix& weight, const Epilogue& epilogue, float* column_sums = nullptr);

  // gradient [outputs, inputs] (+)= d_output^T . input, d_output [rows, outputs], input [rows, inputs]
  void weight_gradient(int64_t rows, const Bfloat16* d_output, int64_t outputs, const Bfloat16* input, int64_t inputs,
                       float* gradient, bool accumulate = false);

  // How often any buffer had to grow.
  int64_t reallocations() const;

 private:
  struct State;
  void multiply_tiles(const Bfloat16* left, int64_t rows, const Bfloat16* tiles, int64_t inner, const Epilogue& epilogue,
                      float* column_sums);
  void multiply_panels(const Bfloat16* left, int64_t rows, PackedMatrix& weight, bool transposed, const Epilogue& epilogue,
                       float* column_sums);
  // left_rows(first, count): float32 rows of the left operand.
  template <class LeftRows>
  void multiply_floats(const LeftRows& left_rows, int64_t rows, const FloatPanels& right, const Epilogue& epilogue,
                       float* column_sums);

  const VectorKernels& vector_;
  const TileKernels* tiles_;  // null: products are made in float32
  std::unique_ptr<State> state_;
};

}  // namespace difflm
