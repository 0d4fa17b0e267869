// The network of the hobby baseline: a post-norm transformer encoder (ReLU, no projections) whose width is the embedding's
// dimension, without positions. It gets the noise level through one linear layer of u. Kept unchanged so that its failure can be
// analysed.
#pragma once

#include <torch/nn/modules/transformercoder.h>
#include <torch/nn/modules/transformerlayer.h>

#include "difflm/model/denoiser.h"

namespace difflm {

class PlainDenoiser : public Denoiser {
 public:
  struct Options {
    int64_t layers = 3;
    int64_t heads = 4;
    int64_t feed_forward = 2048;
    double dropout = 0.1;
    void describe(OptionVisitor& visitor) {
      visitor.field("layers", layers, "blocks", {0, 256});
      visitor.field("heads", heads, "attention heads; they must divide the embedding's dimension", {1, 256});
      visitor.field("feed_forward", feed_forward, "inner size of the feed-forward layers", {1, 1e6});
      visitor.field("dropout", dropout, "dropped share of block outputs and attention weights", {0, 0.9});
    }
  };

  PlainDenoiser(const Options& options, const DenoiserShape& shape) {
    if (shape.outputs % options.heads != 0) {
      throw usage_error("model.plain.heads", fmt::format("{} heads do not divide a dimension of {}", options.heads, shape.outputs));
    }
    if (shape.inputs != shape.outputs) {
      throw usage_error(
          "model.denoiser",
          "plain sees x_t alone, expected model.self_conditioning, model.context_free and model.given_flag to be false");
    }
    using namespace torch::nn;  // NOLINT: the names below are all from there
    time_ = register_module("time", Linear(1, shape.outputs));
    const auto layer =
        TransformerEncoderLayerOptions(shape.outputs, options.heads).dim_feedforward(options.feed_forward).dropout(options.dropout);
    encoder_ = register_module("encoder", TransformerEncoder(TransformerEncoderOptions(layer, options.layers)));
    output_ = register_module("output", Linear(shape.outputs, shape.outputs));
  }

  Tensor forward(const Tensor& features, const Tensor& time) override {
    const Tensor level = broadcast_to_positions(time_->forward(time.unsqueeze(-1) / 1000));  // [B,1,D]
    const Tensor hidden = encoder_->forward((features + level).transpose(0, 1));             // torch's encoder wants [T,B,D]
    return output_->forward(hidden.transpose(0, 1));
  }

 private:
  torch::nn::Linear time_{nullptr};
  torch::nn::TransformerEncoder encoder_{nullptr};
  torch::nn::Linear output_{nullptr};
};

}  // namespace difflm
