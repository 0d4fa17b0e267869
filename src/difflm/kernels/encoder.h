// A stack of transformer blocks, pre-norm (Xiong et al. 2020) or post-norm (Vaswani et al. 2017), forward and backward, in bfloat16
// with float32 accumulation, float32 residual stream and float32 gradients of the weights.
//
// With separate tensor operations, most of a small model's step goes into temporaries, copies and the launch of operations. Here
// one call runs all blocks over buffers that stay allocated. Two rearrangements save passes over memory:
// - with pre-norm, the scale and shift of a norm are folded into the linear layer after it,
//   W (scale * x + shift) + b = (W scale) x + (b + W shift), so that only the normalised x is written and kept;
// - the backward pass recomputes attention weights and GELU from their inputs instead of keeping them.
#pragma once

#include <memory>

#include "difflm/kernels/encoder_shape.h"
#include "difflm/kernels/processor.h"

namespace difflm {

class Encoder {
 public:
  // What a forward pass leaves for its backward pass.
  struct SavedActivations;

  // The processor must offer `level`.
  Encoder(const EncoderShape& shape, Instructions level);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  // Loads the weights as they are now. Forward and backward use the weights loaded last.
  void load(const EncoderArrays<const float>& weights);

  // input.hidden [B,T,width] -> result [B,T,width], after the final norm where there is one. Returns a record for `backward` if
  // `keep`, else null. (Shared only so that its type can stay private.)
  std::shared_ptr<SavedActivations> forward(const EncoderInput& input, float* result, bool keep);

  // Overwrites d_hidden [B,T,width] and adds to the gradients of all weights unless `gradients` is null. `weights` and `input` are
  // those of the forward pass. The record is returned for reuse by the next forward pass.
  void backward(std::shared_ptr<SavedActivations> saved, const EncoderArrays<const float>& weights, const EncoderInput& input,
                const float* d_result, const EncoderArrays<float>* gradients, float* d_hidden);

  // Returns a record that no backward pass will use.
  void give_back(std::shared_ptr<SavedActivations> saved);

  // How often any buffer had to grow: constant in the steady state.
  int64_t reallocations() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace difflm
