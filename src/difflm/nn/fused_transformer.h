// The bridge from a Transformer to the encoder kernels: one autograd function for all blocks.
//
// The kernels compute in bfloat16 on CPUs; every other case, and a bias that is learned, stays with LibTorch's operators
// (transformer.cpp). tests/nn/fused_transformer_test.cpp checks that both ways agree.
#pragma once

#include <memory>
#include <vector>

#include "difflm/kernels/processor.h"
#include "difflm/nn/loaded_weights.h"
#include "difflm/nn/position.h"

namespace difflm {

class Encoder;
struct TransformerShape;

class FusedTransformer {
 public:
  FusedTransformer(const TransformerShape& shape, Instructions level);

  // What goes into the blocks besides the states.
  struct Extras {
    Tensor bias;         // [heads,T,T] or [T,T], added to the attention scores, or undefined; without gradient
    Rotation rotation;   // of queries and keys, or undefined
    double dropout = 0;  // of branches and attention weights; random numbers come from LibTorch's default generator
  };

  // hidden [B,T,H] float32 on the CPU; parameters in the order of Transformer::parameters(). Returns [B,T,H], after the final norm
  // where there is one; differentiable in hidden and parameters, once.
  Tensor forward(const Tensor& hidden, const Extras& extras, const std::vector<Tensor>& parameters);

  // How often the kernels' buffers had to grow: constant in the steady state.
  int64_t reallocations() const;

 private:
  int64_t heads_;
  std::shared_ptr<Encoder> encoder_;
  LoadedWeights loaded_;
};

}  // namespace difflm
