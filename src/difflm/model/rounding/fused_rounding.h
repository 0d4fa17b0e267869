// The most probable token, computed by the kernels, for roundings whose logits are a factor times points . rows^T + bias, with rows
// and bias made from the embedding table alone. They are made once per table.
#pragma once

#include <memory>

#include "difflm/model/rounding.h"
#include "difflm/nn/fused_softmax_head.h"

namespace difflm {

class FusedRounding {
 public:
  struct Head {
    Tensor rows;  // [V,D]
    Tensor bias;  // [V]
  };

  void use_kernels(std::optional<Instructions> level) {
    fused_ = level ? std::make_unique<FusedSoftmaxHead>(*level) : nullptr;
    seen_ = LoadedWeights();
  }

  void forget() { seen_ = LoadedWeights(); }

  bool can_run(const Tensor& points, const Tensor& table) const { return fused_ && FusedSoftmaxHead::is_supported(points, table); }

  // Calls make_head() for rows and bias when `table` is not the previous one, or has changed, or after forget().
  template <class MakeHead>
  Rounding::Rounded round(const Tensor& points, const Tensor& table, double factor, const MakeHead& make_head) {
    if (seen_.replace({table})) head_ = make_head();
    const auto [tokens, probability] = fused_->round(points, head_.rows, head_.bias, factor);
    return {tokens, probability};
  }

 private:
  std::unique_ptr<FusedSoftmaxHead> fused_;  // null without kernels
  LoadedWeights seen_;
  Head head_;
};

}  // namespace difflm
