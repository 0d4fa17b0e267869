// The transformer denoiser with the noise level in every block instead of at the input: scales and shifts of the norms and the size
// of each branch are read from the time embedding ("adaLN-Zero", DiT, Peebles and Xie 2022, arXiv 2212.09748).
//
// LibTorch's operators only: the fused kernels know norms without such extras. docs/tried.md says what it brings.
#pragma once

#include <fmt/format.h>

#include <vector>

#include "difflm/model/denoiser/transformer.h"

namespace difflm {

// A pre-norm block whose branches are x + gate * f(norm(x) * (1 + scale) + shift).
class AdaptiveBlock : public torch::nn::Module {
 public:
  explicit AdaptiveBlock(const TransformerShape& shape) : dropout_(shape.dropout) {
    const auto plain = torch::nn::LayerNormOptions({shape.width}).eps(shape.norm_epsilon).elementwise_affine(false);
    attention_ = register_module("attention", std::make_shared<Attention>(shape.width, shape.heads, shape.dropout));
    expand_ = register_module("expand", torch::nn::Linear(shape.width, shape.feed_forward));
    contract_ = register_module("contract", torch::nn::Linear(shape.feed_forward, shape.width));
    norm_ = register_module("norm", torch::nn::LayerNorm(plain));
    adaptation_ = register_module("adaptation", torch::nn::Linear(shape.width, 6 * shape.width));
    // Every block starts as the identity.
    torch::nn::init::zeros_(adaptation_->weight);
    torch::nn::init::zeros_(adaptation_->bias);
  }

  // hidden [B,T,H], time [B,1,H] or [B,T,H] -> [B,T,H]
  Tensor forward(const Tensor& hidden, const Tensor& time, const Tensor& bias, PositionSum& position) {
    const auto parts = adaptation_->forward(torch::silu(time)).chunk(6, -1);
    const auto drop = [&](const Tensor& states) { return torch::dropout(states, dropout_, is_training()); };
    const auto adapted = [&](const Tensor& states, size_t at) { return norm_->forward(states) * (1 + parts[at]) + parts[at + 1]; };
    const Tensor attended = hidden + parts[2] * drop(attention_->forward(adapted(hidden, 0), bias, position));
    return attended + parts[5] * drop(contract_->forward(torch::gelu(expand_->forward(adapted(attended, 3)))));
  }

 private:
  double dropout_;
  std::shared_ptr<Attention> attention_;
  torch::nn::Linear expand_{nullptr};
  torch::nn::Linear contract_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};  // without parameters, so one for both
  torch::nn::Linear adaptation_{nullptr};
};

class AdaptiveDenoiser : public Denoiser {
 public:
  using Options = TransformerDenoiser::Options;

  AdaptiveDenoiser(const Options& options, const DenoiserShape& shape) {
    const TransformerShape blocks = {options.width,   options.layers, options.heads, options.width * options.feed_forward,
                                     options.dropout, 1e-5,           true};
    blocks.check("model.adaptive");
    input_ = register_module("input", std::make_shared<Projection>(shape.inputs, options.width));
    time_ = register_module("time", std::make_shared<TimeEmbedding>(128, options.width, options.width));
    position_ =
        register_module("position", std::make_shared<PositionSum>(shape.positions, *shape.config,
                                                                  PositionShape{options.width, options.heads, shape.max_length}));
    for (int64_t layer = 0; layer < options.layers; ++layer) {
      blocks_.push_back(register_module(fmt::format("block{}", layer), std::make_shared<AdaptiveBlock>(blocks)));
    }
    final_norm_ = register_module("final_norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({options.width})));
    output_ = register_module("output", std::make_shared<Projection>(options.width, shape.outputs));
    torch::nn::init::zeros_(output_->weight);
    torch::nn::init::zeros_(output_->bias);
  }

  Tensor forward(const Tensor& features, const Tensor& time) override {
    const Tensor told = beside_positions(time_->forward(time));
    const Tensor bias = position_->bias(features.size(1));
    Tensor states = position_->add_to(input_->forward(features));
    for (const auto& block : blocks_) states = block->forward(states, told, bias, *position_);
    return output_->forward(final_norm_->forward(states));
  }

 private:
  std::shared_ptr<Projection> input_;
  std::shared_ptr<TimeEmbedding> time_;
  std::shared_ptr<PositionSum> position_;
  std::vector<std::shared_ptr<AdaptiveBlock>> blocks_;
  torch::nn::LayerNorm final_norm_{nullptr};
  std::shared_ptr<Projection> output_;
};

}  // namespace difflm
