// Matrix products without gradient whose rows depend on nothing but themselves, to the last bit (kernels/vector/float_product.h):
// LibTorch's BLAS sums a row otherwise where it stands elsewhere in a batch.
#pragma once

#include <memory>

#include "difflm/nn/loaded_weights.h"
#include "difflm/nn/torch.h"

namespace difflm {

class FloatPanels;

class RowProducts {
 public:
  RowProducts();
  ~RowProducts();
  RowProducts(const RowProducts&) = delete;
  RowProducts& operator=(const RowProducts&) = delete;

  // left [...,K] . right [K,N] -> [...,N]. As torch::matmul, by which it is made where a gradient is needed, or the tensors are not
  // float32 on a CPU. The layout of `right` is kept for the next call: one RowProducts for each that is used in turn.
  Tensor operator()(const Tensor& left, const Tensor& right);

  // input [...,K] -> [...,N] by a linear layer.
  Tensor linear(const Tensor& input, const torch::nn::Linear& layer) { return (*this)(input, layer->weight.t()) + layer->bias; }

 private:
  std::unique_ptr<FloatPanels> panels_;
  LoadedWeights loaded_;
};

}  // namespace difflm
