#include "difflm/nn/transformer.h"

#include <fmt/format.h>

#include "difflm/core/error.h"

namespace difflm {

void TransformerShape::check(const std::string& where) const {
  if (width % heads != 0) {
    throw usage_error(where + ".heads", fmt::format("{} heads do not divide a width of {}", heads, width),
                      "for example width=256 heads=4");
  }
}

TransformerBlock::TransformerBlock(const TransformerShape& shape) : shape_(shape) {
  const auto norm = [&] { return torch::nn::LayerNorm(torch::nn::LayerNormOptions({shape.width}).eps(shape.norm_epsilon)); };
  attention_ = register_module("attention", std::make_shared<Attention>(shape.width, shape.heads, shape.dropout));
  attention_norm_ = register_module("attention_norm", norm());
  expand_ = register_module("expand", torch::nn::Linear(shape.width, shape.feed_forward));
  contract_ = register_module("contract", torch::nn::Linear(shape.feed_forward, shape.width));
  feed_forward_norm_ = register_module("feed_forward_norm", norm());
}

Tensor TransformerBlock::feed_forward(const Tensor& hidden) { return contract_->forward(torch::gelu(expand_->forward(hidden))); }

Tensor TransformerBlock::forward(const Tensor& hidden, const Tensor& bias, PositionSum& position) {
  const auto drop = [&](const Tensor& states) { return torch::dropout(states, shape_.dropout, is_training()); };
  if (shape_.pre_norm) {
    const Tensor attended = hidden + drop(attention_->forward(attention_norm_->forward(hidden), bias, position));
    return attended + drop(feed_forward(feed_forward_norm_->forward(attended)));
  }
  const Tensor attended = attention_norm_->forward(hidden + drop(attention_->forward(hidden, bias, position)));
  return feed_forward_norm_->forward(attended + drop(feed_forward(attended)));
}

Transformer::Transformer(const TransformerShape& shape) : shape_(shape) {
  for (int64_t layer = 0; layer < shape.layers; ++layer) {
    blocks_.push_back(register_module(fmt::format("block{}", layer), std::make_shared<TransformerBlock>(shape)));
  }
  if (shape.pre_norm) {
    final_norm_ =
        register_module("final_norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({shape.width}).eps(shape.norm_epsilon)));
  }
}

void Transformer::use_kernels(std::optional<Instructions> level) {
  fused_ = level && shape_.layers > 0 ? std::make_unique<FusedTransformer>(shape_, *level) : nullptr;
}

bool Transformer::can_fuse(const Tensor& hidden, const Tensor& bias, const std::vector<Rotation>& rotations) const {
  const bool learns_bias = bias.defined() && bias.requires_grad();
  return fused_ && hidden.is_cpu() && hidden.scalar_type() == torch::kFloat32 && !learns_bias && rotations.size() < 2;
}

Tensor Transformer::forward(const Tensor& hidden, const Tensor& bias, PositionSum& position) {
  const auto rotations = position.rotations(hidden.size(1));
  if (can_fuse(hidden, bias, rotations)) {
    const double dropout = is_training() ? shape_.dropout : 0;
    return fused_->forward(hidden, {bias, rotations.empty() ? Rotation{} : rotations.front(), dropout}, parameters());
  }
  Tensor states = hidden;
  for (const auto& block : blocks_) states = block->forward(states, bias, position);
  return final_norm_.is_empty() ? states : final_norm_->forward(states);
}

}  // namespace difflm
