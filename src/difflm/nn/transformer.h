// A stack of transformer blocks, post-norm (BERT, Devlin et al. 2018) or pre-norm (Xiong et al. 2020, arXiv 2002.04745).
#pragma once

#include <memory>
#include <vector>

#include "difflm/nn/attention.h"
#include "difflm/nn/fused_transformer.h"
#include "difflm/nn/kernel_user.h"
#include "difflm/nn/position.h"

namespace difflm {

struct TransformerShape {
  int64_t width = 256;
  int64_t layers = 6;
  int64_t heads = 4;
  int64_t feed_forward = 1024;
  double dropout = 0.1;
  double norm_epsilon = 1e-5;
  bool pre_norm = true;

  // Throws a usage error where the heads do not divide the width.
  void check(const std::string& where) const;
};

class TransformerBlock : public torch::nn::Module {
 public:
  explicit TransformerBlock(const TransformerShape& shape);
  Tensor forward(const Tensor& hidden, const Tensor& bias, PositionSum& position);  // [B,T,H] -> [B,T,H]

 private:
  Tensor feed_forward(const Tensor& hidden);

  TransformerShape shape_;
  std::shared_ptr<Attention> attention_;
  torch::nn::LayerNorm attention_norm_{nullptr};
  torch::nn::Linear expand_{nullptr};
  torch::nn::Linear contract_{nullptr};
  torch::nn::LayerNorm feed_forward_norm_{nullptr};
};

class Transformer : public torch::nn::Module, public KernelUser {
 public:
  explicit Transformer(const TransformerShape& shape);

  // hidden [B,T,H] with positions already added, bias [heads,T,T] or undefined -> [B,T,H]
  Tensor forward(const Tensor& hidden, const Tensor& bias, PositionSum& position);

  void use_kernels(std::optional<Instructions> level) override;
  bool has_kernels() const { return fused_ != nullptr; }

 private:
  bool can_fuse(const Tensor& hidden, const Tensor& bias, const std::vector<Rotation>& rotations) const;

  TransformerShape shape_;
  std::unique_ptr<FusedTransformer> fused_;  // null without kernels
  std::vector<std::shared_ptr<TransformerBlock>> blocks_;
  torch::nn::LayerNorm final_norm_{nullptr};  // pre-norm only
};

}  // namespace difflm
