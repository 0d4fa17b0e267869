// The bridge from softmax rounding to its kernels: cross-entropy with gradients, the mean embedding and the best
// token without.
#pragma once

#include <memory>

#include "difflm/kernels/processor.h"
#include "difflm/nn/loaded_weights.h"
#include "difflm/nn/torch.h"

namespace difflm {

class FusedSoftmaxHead {
 public:
  explicit FusedSoftmaxHead(Instructions level);
  ~FusedSoftmaxHead();

  // True where the kernels can run on these tensors.
  static bool is_supported(const Tensor& points, const Tensor& table);

  // Nats of tokens [...] int64 under softmax(points . table^T + bias): points [...,D], table [V,D], bias [V] -> [...].
  // Differentiable in points, table and bias. Without `precise` the logits are products of bfloat16 numbers alone: three times as
  // fast, for a model whose logits are not large.
  Tensor cross_entropy(const Tensor& points, const Tensor& table, const Tensor& bias, const Tensor& tokens, bool precise = true);

  // softmax((points . table^T + bias) / temperature) . table, [...,D] -> [...,D]. Without gradient.
  Tensor expectation(const Tensor& points, const Tensor& table, const Tensor& bias, double temperature);

  struct Rounded {
    Tensor tokens;       // [...] int64
    Tensor probability;  // [...] float32, of those tokens under softmax(factor * logits)
  };
  // The tokens of the largest points . table^T + bias. Without gradient.
  Rounded round(const Tensor& points, const Tensor& table, const Tensor& bias, double factor);

  struct State;  // outlives the head in the graphs it made

 private:
  std::shared_ptr<State> state_;
};

}  // namespace difflm
