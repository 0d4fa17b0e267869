// A network that sees each token alone: the control in tests of what a network must see of the context.
#pragma once

#include "difflm/model/denoiser.h"
#include "difflm/nn/projection.h"
#include "difflm/nn/time_embedding.h"

namespace difflm::test {

class TokenAloneDenoiser : public Denoiser {
 public:
  TokenAloneDenoiser(int64_t width, const DenoiserShape& shape) {
    input_ = register_module("input", std::make_shared<Projection>(shape.inputs, width));
    time_ = register_module("time", std::make_shared<TimeEmbedding>(128, width, width));
    hidden_ = register_module("hidden", std::make_shared<Projection>(width, width));
    output_ = register_module("output", std::make_shared<Projection>(width, shape.outputs));
  }

  Tensor forward(const Tensor& features, const Tensor& time) override {
    const Tensor first = torch::gelu(input_->forward(features) + broadcast_to_positions(time_->forward(time)));
    return output_->forward(torch::gelu(hidden_->forward(first)));
  }

 private:
  std::shared_ptr<Projection> input_;
  std::shared_ptr<TimeEmbedding> time_;
  std::shared_ptr<Projection> hidden_;
  std::shared_ptr<Projection> output_;
};

}  // namespace difflm::test
