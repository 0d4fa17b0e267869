// A pre-norm transformer between two linear projections; the noise level is added to every position.
#pragma once

#include "difflm/model/denoiser.h"
#include "difflm/nn/projection.h"
#include "difflm/nn/time_embedding.h"
#include "difflm/nn/transformer.h"

namespace difflm {

class TransformerDenoiser : public Denoiser {
 public:
  struct Options {
    int64_t width = 256;
    int64_t layers = 6;
    int64_t heads = 4;
    int64_t feed_forward = 4;
    double dropout = 0;
    void describe(OptionVisitor& visitor) {
      visitor.field("width", width, "size of the hidden state", {1, 16384});
      visitor.field("layers", layers, "blocks", {0, 256});
      visitor.field("heads", heads, "attention heads", {1, 256});
      visitor.field("feed_forward", feed_forward, "inner size of the feed-forward layers, in multiples of width", {1, 64});
      visitor.field("dropout", dropout, "dropped share of block outputs and attention weights", {0, 0.9});
    }
  };

  TransformerDenoiser(const Options& options, const DenoiserShape& shape) {
    const TransformerShape blocks = {options.width,   options.layers, options.heads, options.width * options.feed_forward,
                                     options.dropout, 1e-5,           true};
    blocks.check("model.transformer");
    input_ = register_module("input", std::make_shared<Projection>(shape.inputs, options.width));
    time_ = register_module("time", std::make_shared<TimeEmbedding>(128, options.width, options.width));
    position_ =
        register_module("position", std::make_shared<PositionSum>(shape.positions, *shape.config,
                                                                  PositionShape{options.width, options.heads, shape.max_length}));
    blocks_ = register_module("blocks", std::make_shared<Transformer>(blocks));
    output_ = register_module("output", std::make_shared<Projection>(options.width, shape.outputs));
    // The output starts at zero: with the logits parametrisation the estimate is then exactly the posterior of each token alone.
    torch::nn::init::zeros_(output_->weight);
    torch::nn::init::zeros_(output_->bias);
  }

  Tensor forward(const Tensor& features, const Tensor& time) override {
    const Tensor hidden = position_->add_to(input_->forward(features) + broadcast_to_positions(time_->forward(time)));
    return output_->forward(blocks_->forward(hidden, position_->bias(features.size(1)), *position_));
  }

 private:
  std::shared_ptr<Projection> input_;
  std::shared_ptr<TimeEmbedding> time_;
  std::shared_ptr<PositionSum> position_;
  std::shared_ptr<Transformer> blocks_;
  std::shared_ptr<Projection> output_;
};

}  // namespace difflm
