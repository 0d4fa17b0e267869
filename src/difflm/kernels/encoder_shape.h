// What an encoder is built from and called with.
#pragma once

#include <cstdint>
#include <vector>

#include "difflm/kernels/dropout.h"

namespace difflm {

struct EncoderShape {
  int64_t layers = 0;
  int64_t width = 0;
  int64_t heads = 0;
  int64_t feed_forward = 0;
  float epsilon = 1e-5F;  // of the norms
  bool pre_norm = true;   // else post-norm, as in BERT, without a final norm
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
  NormArrays<Value> final_norm;  // pre-norm only
};

// The arguments of one call. The arrays belong to the caller and are the same in the backward pass.
struct EncoderInput {
  int64_t batch = 0;
  int64_t length = 0;
  const float* hidden = nullptr;  // [B,T,width]
  const float* bias = nullptr;    // [heads,T,T] added to the attention scores, or null
  const float* cosine = nullptr;  // [T,half] of rotary positions, or null
  const float* sine = nullptr;
  int64_t half = 0;   // pairs of channels rotated per head; 2 half <= head size
  float dropout = 0;  // of branches and attention weights
  uint32_t seed = 0;  // of dropout

  int64_t rows() const { return batch * length; }

  // Every use of dropout in the network has its own number.
  Dropout dropout_at(uint32_t place) const { return {dropout, seed + 0x51ED270BU * (place + 1)}; }
};

}  // namespace difflm
