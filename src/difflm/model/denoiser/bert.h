// The denoiser of Diffusion-LM (TransformerNetModel2): tanh projections around a post-norm BERT encoder, exact gelu, dropout 0.1,
// layer-norm epsilon 1e-12, position + input + time added before the first norm. Paper size: 12 layers, width 768, 12 heads.
#pragma once

#include "difflm/model/denoiser.h"
#include "difflm/nn/projection.h"
#include "difflm/nn/time_embedding.h"
#include "difflm/nn/transformer.h"

namespace difflm {

class BertDenoiser : public Denoiser {
 public:
  struct Options {
    int64_t width = 768;
    int64_t layers = 12;
    int64_t heads = 12;
    int64_t feed_forward = 4;
    double dropout = 0.1;
    int64_t time_channels = 128;
    void describe(OptionVisitor& visitor) {
      visitor.field("width", width, "size of the hidden state", {1, 16384});
      visitor.field("layers", layers, "blocks", {0, 256});
      visitor.field("heads", heads, "attention heads", {1, 256});
      visitor.field("feed_forward", feed_forward, "inner size of the feed-forward layers, in multiples of width", {1, 64});
      visitor.field("dropout", dropout, "dropped share of hidden states and attention weights", {0, 0.9});
      visitor.field("time_channels", time_channels, "size of the sinusoid of the noise level", {2, 16384});
    }
  };

  BertDenoiser(const Options& options, const DenoiserShape& shape) : dropout_(options.dropout) {
    const TransformerShape blocks = {options.width,   options.layers, options.heads, options.width * options.feed_forward,
                                     options.dropout, 1e-12,          false};
    blocks.check("model.bert");
    up_ = register_module("up", std::make_shared<Projection>(shape.inputs, options.width));
    up_second_ = register_module("up_second", std::make_shared<Projection>(options.width, options.width));
    time_ =
        register_module("time", std::make_shared<TimeEmbedding>(options.time_channels, 4 * options.time_channels, options.width));
    position_ =
        register_module("position", std::make_shared<PositionSum>(shape.positions, *shape.config,
                                                                  PositionShape{options.width, options.heads, shape.max_length}));
    norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({options.width}).eps(1e-12)));
    blocks_ = register_module("blocks", std::make_shared<Transformer>(blocks));
    down_ = register_module("down", std::make_shared<Projection>(options.width, options.width));
    down_second_ = register_module("down_second", std::make_shared<Projection>(options.width, shape.outputs));
  }

  Tensor forward(const Tensor& features, const Tensor& time) override {
    const Tensor lifted = up_second_->forward(torch::tanh(up_->forward(features)));
    const Tensor sum = position_->add_to(lifted + broadcast_to_positions(time_->forward(time)));
    const Tensor hidden = torch::dropout(norm_->forward(sum), dropout_, is_training());
    const Tensor encoded = blocks_->forward(hidden, position_->bias(features.size(1)), *position_);
    return down_second_->forward(torch::tanh(down_->forward(encoded)));
  }

 private:
  double dropout_;
  std::shared_ptr<Projection> up_;
  std::shared_ptr<Projection> up_second_;
  std::shared_ptr<TimeEmbedding> time_;
  std::shared_ptr<PositionSum> position_;
  torch::nn::LayerNorm norm_{nullptr};
  std::shared_ptr<Transformer> blocks_;
  std::shared_ptr<Projection> down_;
  std::shared_ptr<Projection> down_second_;
};

}  // namespace difflm
