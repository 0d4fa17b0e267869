// A stack of pre-norm transformer blocks (Vaswani et al. 2017; Xiong et al. 2020), forward and backward, in bfloat16 with float32
// accumulation, float32 residual stream and float32 gradients of the weights.
//
// As single tensor operations most of a small model's step goes into temporaries, copies and the start of operations. Here one call
// runs all blocks over buffers that stay. Two rearrangements save passes over memory:
// - the scale and shift of a norm are taken into the linear layer behind it, W (scale * x + shift) + b = (W scale) x + (b + W
// shift),
//   so that only the normalised x is written and kept;
// - the backward pass computes attention weights and GELU again from their inputs instead of keeping them.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "difflm/kernels/attention.h"
#include "difflm/kernels/buffer.h"
#include "difflm/kernels/matrix_product.h"

namespace difflm {

struct EncoderShape {
  int64_t layers = 0;
  int64_t width = 0;
  int64_t heads = 0;
  int64_t feed_forward = 0;
  float epsilon = 1e-5F;  // of the norms
};

// Weights (Value = const float) or their gradients (float); linear weights are [out,in] as LibTorch keeps them.
template <class Value>
struct LinearArrays {
  Value* weight = nullptr;
  Value* bias = nullptr;
};

template <class Value>
struct NormArrays {
  Value* scale = nullptr;
  Value* shift = nullptr;
};

template <class Value>
struct BlockArrays {
  LinearArrays<Value> query, key, value, output;
  NormArrays<Value> attention_norm;
  LinearArrays<Value> expand, contract;
  NormArrays<Value> feed_forward_norm;
};

template <class Value>
struct EncoderArrays {
  std::vector<BlockArrays<Value>> blocks;
  NormArrays<Value> final_norm;
};

class Encoder {
 public:
  // What a forward pass leaves for its backward pass.
  struct Record;

  explicit Encoder(const EncoderShape& shape);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  // Takes in the weights as they are now. Forward and backward use what was taken in last.
  void load(const EncoderArrays<const float>& weights);

  // hidden [B,T,width] -> result [B,T,width] behind the final norm; `bias` [heads,T,T] or null is added to the attention scores.
  // Returns a record for `backward` if `keep`, else null. (Shared only so that its type may stay inside.)
  std::shared_ptr<Record> forward(int64_t batch, int64_t length, const float* hidden, const float* bias, float* result, bool keep);

  // Overwrites d_hidden [B,T,width], and the gradients of all weights unless `gradients` is null. `weights` and `bias` are those of
  // the forward pass. The record is given back for the next forward pass to use.
  void backward(std::shared_ptr<Record> record, const EncoderArrays<const float>& weights, const float* bias, const float* d_result,
                const EncoderArrays<float>* gradients, float* d_hidden);

  // A record that will not be used.
  void give_back(std::shared_ptr<Record> record);

  // How often any buffer had to grow: constant over steady steps.
  int64_t growths() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace difflm
