// The feed-forward sublayer of a transformer block: contract(gelu(expand(x))). The backward pass recomputes the GELU.
// Rows are processed in chunks, so that their F states per row stay in cache between the products.
#pragma once

#include "difflm/kernels/workspace.h"

namespace difflm {

// The interface is that of AttentionSublayer.
class FeedForwardSublayer {
 public:
  struct SavedActivations {
    Buffer<Bfloat16> expanded;  // [M,F], before the GELU
    int64_t reallocations() const { return expanded.reallocations(); }
  };

  void load(const EncoderShape& shape, const VectorKernels& vector, const BlockArrays<const float>& weights,
            const NormArrays<const float>* norm);
  void forward(const EncoderShape& shape, const EncoderInput& call, uint32_t place, const Bfloat16* input, Workspace& workspace,
               SavedActivations& saved, float* stream);
  void backward(const EncoderShape& shape, const EncoderInput& call, const Bfloat16* input, const SavedActivations& saved,
                const Bfloat16* d_branch, const float* branch_sums, const BlockArrays<const float>& weights,
                const NormArrays<const float>* norm, const BlockArrays<float>* gradients, Workspace& workspace, Bfloat16* d_input);
  int64_t reallocations() const { return expand_.reallocations() + contract_.reallocations(); }

 private:
  PackedLinear expand_;    // [F,H]
  PackedLinear contract_;  // [H,F]
};

}  // namespace difflm
