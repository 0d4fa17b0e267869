// The bridge from a Transformer to the encoder kernels: one autograd function for all blocks.
//
// The kernels compute in bfloat16 and know pre-norm blocks without dropout, with additive attention bias (locality, causal); every
// other case stays with LibTorch's operators (transformer.cpp). Both ways are held equal by tests/nn/fused_transformer_test.cpp.
#pragma once

#include <memory>
#include <vector>

#include "difflm/nn/torch.h"

namespace difflm {

class Encoder;
struct TransformerShape;

class FusedTransformer {
 public:
  explicit FusedTransformer(const TransformerShape& shape);

  // True where the kernels can stand in for blocks of this shape on this processor.
  static bool is_supported(const TransformerShape& shape);

  // hidden [B,T,H] float32 on the CPU; bias [heads,T,T] or [T,T] or undefined, without gradient; parameters in the order of
  // Transformer::parameters(). Returns [B,T,H] behind the final norm; differentiable in hidden and parameters.
  Tensor forward(const Tensor& hidden, const Tensor& bias, const std::vector<Tensor>& parameters);

 private:
  int64_t heads_;
  std::shared_ptr<Encoder> encoder_;
};

}  // namespace difflm
