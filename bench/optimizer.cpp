// The update alone: gradient norm, clipping, AdamW and the moving average, by difflm's single pass over flat memory and by
// LibTorch's parts, tensor by tensor. Both work in float32, so that there are two ways here, not three.
#include <fmt/format.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>

#include <memory>
#include <vector>

#include "bench.h"
#include "comparison.h"
#include "difflm/nn/transformer.h"
#include "difflm/training/optimizer.h"
#include "way.h"

namespace difflm::bench {
namespace {

// The parameters of a transformer, each with a random gradient.
std::unique_ptr<Transformer> make_parameters(int64_t layers, int64_t width) {
  torch::manual_seed(1);
  return std::make_unique<Transformer>(TransformerShape{width, layers, width / 64, 4 * width, 0.0, 1e-5, true});
}

class FlatUpdate {
 public:
  FlatUpdate(int64_t layers, int64_t width, const OptimizerOptions& options)
      : module_(make_parameters(layers, width)), parameters_(*module_), optimizer_(parameters_, options) {
    parameters_.gradients().normal_();
  }
  void run() { optimizer_.step(1); }

 private:
  std::unique_ptr<Transformer> module_;
  FlatParameters parameters_;
  Optimizer optimizer_;
};

class LibTorchUpdate {
 public:
  LibTorchUpdate(int64_t layers, int64_t width, const OptimizerOptions& options)
      : options_(options),
        module_(make_parameters(layers, width)),
        parameters_(module_->parameters()),
        optimizer_(parameters_, torch::optim::AdamWOptions(options.learning_rate)
                                    .betas({options.beta1, options.beta2})
                                    .eps(options.epsilon)
                                    .weight_decay(options.weight_decay)) {
    for (auto& parameter : parameters_) {
      parameter.mutable_grad() = torch::randn_like(parameter);
      averages_.push_back(parameter.detach().clone());
    }
  }

  void run() {
    torch::nn::utils::clip_grad_norm_(parameters_, options_.clip);
    optimizer_.step();
    const torch::NoGradGuard no_grad;
    for (size_t i = 0; i < parameters_.size(); ++i) averages_[i].lerp_(parameters_[i], 1 - options_.ema);
  }

 private:
  OptimizerOptions options_;
  std::unique_ptr<Transformer> module_;
  std::vector<Tensor> parameters_;
  torch::optim::AdamW optimizer_;
  std::vector<Tensor> averages_;
};

}  // namespace

void bench_optimizer(Report& report, const Effort& effort) {
  const OptimizerOptions options;
  for (const auto& [layers, width] : {std::pair<int64_t, int64_t>{4, 128}, {6, 256}, {12, 768}}) {
    const auto flat = std::make_shared<FlatUpdate>(layers, width, options);
    const auto libtorch = std::make_shared<LibTorchUpdate>(layers, width, options);
    const auto count = static_cast<double>(12 * layers * width * width);  // except biases and norms
    Comparison comparison("optimizer update", fmt::format("{} x {}, {:.1f} million parameters", layers, width, count / 1e6));
    comparison.add(kFused.name, [flat] {
      flat->run();
      return Tensor();
    });
    comparison.add(kEagerFloat32.name, [libtorch] {
      libtorch->run();
      return Tensor();
    });
    // The norm reads the gradients; the update reads gradients, values, two moments and the average, and writes all but the first.
    comparison.set_bytes(10 * sizeof(float) * count);
    comparison.run(report, effort);
  }
}

}  // namespace difflm::bench
