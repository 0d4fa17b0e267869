// Softmax rounding without a second [N,V] in memory: logits = points . table^T + bias are made in chunks of rows that fit the
// cache, turned into the result asked for, and recomputed in the backward pass where they were not kept.
//
// Near clean text the logits are large, and their differences matter to a loss and to the choice of a token. For these two, points
// and table are taken as sums of two bfloat16 numbers and multiplied in three parts (high high + low high + high low), which gives
// logits to about 16 bits. The three parts are computed as one product of three times the inner size. Where products are made in
// float32 anyway (Products::multiplies_floats), one product of the numbers themselves does. For a mean embedding bfloat16 is
// enough: the error of its logits is about 2^-9 |point| |row| / sqrt(D), a hundredth where tokens compete, and large
// only where one has won.
#pragma once

#include <cstdint>
#include <memory>

#include "difflm/kernels/processor.h"

namespace difflm {

class SoftmaxHead {
 public:
  explicit SoftmaxHead(Instructions level);
  ~SoftmaxHead();
  SoftmaxHead(const SoftmaxHead&) = delete;
  SoftmaxHead& operator=(const SoftmaxHead&) = delete;

  // table [V,D] and bias [V] or null, as they are now.
  void load(const float* table, const float* bias, int64_t vocabulary, int64_t dimension);

  // What is scored: targets [N] at points [N,D]. `logits` [N,V] keeps them from the forward pass for the backward one, or is null.
  // Without `precise` they are products of bfloat16 numbers alone.
  struct Scored {
    const float* points;
    const int64_t* targets;
    int64_t count;
    float* logits = nullptr;
    bool precise = true;
  };

  // Cross-entropy in nats -> loss [N]; log_sums [N] is for the backward pass.
  void cross_entropy(const Scored& scored, float* loss, float* log_sums);

  // slope [N] is the gradient of loss. Overwrites d_points [N,D], and d_table [V,D] and d_bias [V] unless null.
  void cross_entropy_backward(const Scored& scored, const float* log_sums, const float* slope, float* d_points, float* d_table,
                              float* d_bias);

  // Mean embedding softmax(logits / temperature) . table of points [N,D] -> result [N,D].
  void expectation(const float* points, float temperature, int64_t count, float* result);

  // The best token of each point [N,D] -> best [N], and its probability under softmax(factor * logits) -> probability [N].
  void best(const float* points, float factor, int64_t count, int64_t* best, float* probability);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace difflm
