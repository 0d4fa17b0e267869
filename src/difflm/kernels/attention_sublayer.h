// The attention sublayer of a transformer block: projections, rotary positions, attention, output projection.
#pragma once

#include "difflm/kernels/workspace.h"

namespace difflm {

class AttentionSublayer {
 public:
  // What the backward pass needs besides the input.
  struct SavedActivations {
    Buffer<Bfloat16> queries_keys_values;  // [M,3H], rotated
    Buffer<float> log_sums;                // [B,heads,T]
    Buffer<Bfloat16> mixed;                // [M,H]
    int64_t reallocations() const { return queries_keys_values.reallocations() + log_sums.reallocations() + mixed.reallocations(); }
  };

  // `norm` is the norm that made the input, where its scale and shift are not yet applied; null where the input is complete.
  void load(const EncoderShape& shape, const VectorKernels& vector, const BlockArrays<const float>& weights,
            const NormArrays<const float>* norm);

  // stream [M,H] += the sublayer's result for input [M,H]. `place` is the number of the block.
  void forward(const EncoderShape& shape, const EncoderInput& call, uint32_t place, const Bfloat16* input, Workspace& workspace,
               SavedActivations& saved, float* stream);

  // Overwrites d_input [M,H], given d_branch [M,H], the gradient of the branch before its dropout, and its column sums
  // `branch_sums`. Adds to the weights' gradients unless `gradients` is null. `norm` as in load.
  void backward(const EncoderShape& shape, const EncoderInput& call, uint32_t place, const Bfloat16* input,
                const SavedActivations& saved, const Bfloat16* d_branch, const float* branch_sums,
                const BlockArrays<const float>& weights, const NormArrays<const float>* norm, const BlockArrays<float>* gradients,
                Workspace& workspace, Bfloat16* d_input);

  int64_t reallocations() const { return queries_keys_values_.reallocations() + output_.reallocations(); }

 private:
  PackedLinear queries_keys_values_;  // [3H,H]
  PackedLinear output_;               // [H,H]
};

}  // namespace difflm
