// The bridge from a Transformer to the encoder kernels: one autograd function for all blocks.
//
// The kernels compute in bfloat16, on CPUs with AVX512 bfloat16; every other case, and a bias that is learned, stays with
// LibTorch's operators (transformer.cpp). Both ways are held equal by tests/nn/fused_transformer_test.cpp.
#pragma once

#include <memory>
#include <vector>

#include "difflm/nn/position.h"

namespace difflm {

class Encoder;
struct TransformerShape;

class FusedTransformer {
 public:
  explicit FusedTransformer(const TransformerShape& shape);

  // What goes into the blocks beside the states.
  struct Extras {
    Tensor bias;         // [heads,T,T] or [T,T], added to the attention scores, or undefined; without gradient
    Rotation rotation;   // of queries and keys, or undefined
    double dropout = 0;  // of branches and attention weights; random numbers come from LibTorch's default generator
  };

  // True where the kernels can stand in for blocks of this shape on this processor.
  static bool is_supported(const TransformerShape& shape);

  // hidden [B,T,H] float32 on the CPU; parameters in the order of Transformer::parameters(). Returns [B,T,H], behind the final norm
  // where there is one; differentiable in hidden and parameters, once.
  Tensor forward(const Tensor& hidden, const Extras& extras, const std::vector<Tensor>& parameters);

  // How often the kernels' buffers had to grow: constant over steady steps.
  int64_t growths() const;

 private:
  int64_t heads_;
  std::shared_ptr<Encoder> encoder_;
};

}  // namespace difflm
