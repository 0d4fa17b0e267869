// A stand-alone linear layer, y = x W^T + b, between float32 arrays: operands in bfloat16, sums in float32.
#pragma once

#include <memory>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/processor.h"

namespace difflm {

class LinearLayer {
 public:
  // The processor must offer `level`.
  explicit LinearLayer(Instructions level);
  ~LinearLayer();
  LinearLayer(const LinearLayer&) = delete;
  LinearLayer& operator=(const LinearLayer&) = delete;

  // Loads weight [outputs,inputs] and bias [outputs], as they are now.
  void load(const float* weight, const float* bias, int64_t outputs, int64_t inputs);

  // input [rows,inputs] -> result [rows,outputs]. Overwrites rounded [rows,inputs], which the backward pass needs.
  void forward(const float* input, int64_t rows, Bfloat16* rounded, float* result);

  // Overwrites d_input [rows,inputs], and d_weight [outputs,inputs] with d_bias [outputs]; what is null is not computed.
  void backward(const Bfloat16* rounded, const float* d_result, int64_t rows, float* d_input, float* d_weight, float* d_bias);

  // How often any buffer had to grow: constant in the steady state.
  int64_t reallocations() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace difflm
