// A network that sees each token alone: what any denoiser with context has to beat. Kept for tests and as a control.
#pragma once

#include "difflm/model/denoiser.h"
#include "difflm/nn/projection.h"
#include "difflm/nn/time_embedding.h"

namespace difflm {

class MlpDenoiser : public Denoiser {
 public:
  struct Options {
    int64_t width = 256;
    void describe(OptionVisitor& visitor) { visitor.field("width", width, "size of the hidden layer", {1, 16384}); }
  };

  MlpDenoiser(const Options& options, const DenoiserShape& shape) {
    input_ = register_module("input", std::make_shared<Projection>(shape.inputs, options.width));
    time_ = register_module("time", std::make_shared<TimeEmbedding>(128, options.width, options.width));
    hidden_ = register_module("hidden", std::make_shared<Projection>(options.width, options.width));
    output_ = register_module("output", std::make_shared<Projection>(options.width, shape.outputs));
  }

  Tensor forward(const Tensor& features, const Tensor& time) override {
    const Tensor first = torch::gelu(input_->forward(features) + beside_positions(time_->forward(time)));
    return output_->forward(torch::gelu(hidden_->forward(first)));
  }

 private:
  std::shared_ptr<Projection> input_;
  std::shared_ptr<TimeEmbedding> time_;
  std::shared_ptr<Projection> hidden_;
  std::shared_ptr<Projection> output_;
};

}  // namespace difflm
