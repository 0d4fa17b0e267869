#include "difflm/nn/projection.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include "difflm/core/error.h"
#include "difflm/kernels/linear_layer.h"
#include "difflm/nn/loaded_weights.h"

namespace difflm {

struct Projection::Kernels {
  explicit Kernels(Instructions level) : layer(level) {}

  void load(const Tensor& weight, const Tensor& bias) {
    if (!loaded.replace({weight, bias})) return;
    layer.load(weight.data_ptr<float>(), bias.data_ptr<float>(), weight.size(0), weight.size(1));
  }

  LinearLayer layer;
  LoadedWeights loaded;
};

namespace {

using torch::autograd::variable_list;

Bfloat16* words(const Tensor& tensor) { return static_cast<Bfloat16*>(tensor.data_ptr()); }

struct ProjectionNode : torch::autograd::Node {
  std::string name() const override { return "FusedProjectionBackward"; }
  void release_variables() override { rounded = weight = bias = Tensor(); }

  variable_list apply(variable_list&& slopes) override {
    if (!rounded.defined()) throw failure("backward pass", "has already been run; the fused projection keeps its input for one");
    kernels->load(weight, bias);  // unchanged, unless the weights have been written to since the forward pass
    const Tensor d_result = slopes.front().contiguous();
    const bool trains = task_should_compute_output(1) || task_should_compute_output(2);
    const Tensor d_features = task_should_compute_output(0) ? torch::empty(shape) : Tensor();
    const Tensor d_weight = trains ? torch::empty_like(weight) : Tensor();
    const Tensor d_bias = trains ? torch::empty_like(bias) : Tensor();
    const auto data = [](const Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; };
    kernels->layer.backward(words(rounded), d_result.data_ptr<float>(), d_result.numel() / weight.size(0), data(d_features),
                            data(d_weight), data(d_bias));
    return {d_features, d_weight, d_bias};
  }

  std::shared_ptr<Projection::Kernels> kernels;
  Tensor rounded, weight, bias;
  std::vector<int64_t> shape;  // of the features
};

}  // namespace

Projection::Projection(int64_t inputs, int64_t outputs) : torch::nn::LinearImpl(inputs, outputs) {}
Projection::~Projection() = default;

void Projection::use_kernels(std::optional<Instructions> level) { kernels_ = level ? std::make_shared<Kernels>(*level) : nullptr; }

Tensor Projection::forward(const Tensor& features) {
  if (!kernels_ || !features.is_cpu() || features.scalar_type() != torch::kFloat32) return LinearImpl::forward(features);
  const Tensor from = features.detach().contiguous();
  const Tensor own_weight = weight.detach();
  const Tensor own_bias = bias.detach();
  kernels_->load(own_weight, own_bias);
  auto shape = from.sizes().vec();
  const Tensor rounded = torch::empty(shape, torch::kBFloat16);
  shape.back() = weight.size(0);
  Tensor result = torch::empty(shape, torch::kFloat32);
  kernels_->layer.forward(from.data_ptr<float>(), from.numel() / from.size(-1), words(rounded), result.data_ptr<float>());
  const bool needed = features.requires_grad() || weight.requires_grad() || bias.requires_grad();
  if (!torch::GradMode::is_enabled() || !needed) return result;
  const std::shared_ptr<ProjectionNode> node(new ProjectionNode(), torch::autograd::deleteNode);
  node->kernels = kernels_;
  node->rounded = rounded;
  node->weight = own_weight;
  node->bias = own_bias;
  node->shape = from.sizes().vec();
  node->set_next_edges({torch::autograd::impl::gradient_edge(features), torch::autograd::impl::gradient_edge(weight),
                        torch::autograd::impl::gradient_edge(bias)});
  torch::autograd::set_history(result, node);
  return result;
}

}  // namespace difflm
