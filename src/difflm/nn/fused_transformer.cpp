#include "difflm/nn/fused_transformer.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/graph_task.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/kernels/encoder.h"
#include "difflm/nn/transformer.h"

namespace difflm {
namespace {

using torch::autograd::variable_list;

// Parameters of a TransformerBlock in the order in which they are registered.
constexpr size_t kPerBlock = 16;

template <class Value>
EncoderArrays<Value> read_arrays(const std::vector<Tensor>& tensors) {
  size_t next = 0;
  const auto data = [&] { return tensors[next++].data_ptr<float>(); };
  const auto linear = [&](LinearArrays<Value>& arrays) {
    arrays.weight = data();
    arrays.bias = data();
  };
  const auto norm = [&](NormArrays<Value>& arrays) {
    arrays.scale = data();
    arrays.shift = data();
  };
  EncoderArrays<Value> arrays;
  arrays.blocks.resize(tensors.size() / kPerBlock);
  for (auto& block : arrays.blocks) {
    linear(block.query);
    linear(block.key);
    linear(block.value);
    linear(block.output);
    norm(block.attention_norm);
    linear(block.expand);
    linear(block.contract);
    norm(block.feed_forward_norm);
  }
  if (next < tensors.size()) norm(arrays.final_norm);
  return arrays;
}

// The backward pass of all blocks. A node of its own rather than a torch::autograd::Function: it takes any number of parameters,
// and knows whether anybody asks for their gradients (steering asks for that of the input alone).
struct EncoderNode : torch::autograd::Node {
  ~EncoderNode() override { give_back(); }
  std::string name() const override { return "FusedTransformerBackward"; }
  void release_variables() override { give_back(); }

  void give_back() {
    if (saved) encoder->give_back(std::move(saved));
  }

  variable_list apply(variable_list&& slopes) override {
    if (!saved) throw failure("backward pass", "has already been run; the fused transformer keeps its states for one");
    const Tensor d_result = slopes.front().contiguous();
    const Tensor d_hidden = torch::empty_like(d_result);
    variable_list results(1 + parameters.size());
    results.front() = d_hidden;
    bool trains = false;
    for (size_t i = 0; i < parameters.size(); ++i) trains = trains || task_should_compute_output(i + 1);
    std::vector<Tensor> gradients;
    if (trains && can_add_to_gradients()) {
      for (const auto& parameter : parameters) gradients.push_back(parameter.grad());
    } else if (trains) {
      for (const auto& parameter : parameters) gradients.push_back(torch::zeros_like(parameter));
      std::copy(gradients.begin(), gradients.end(), results.begin() + 1);
    }
    const auto arrays = read_arrays<float>(gradients);
    encoder->backward(std::move(saved), read_arrays<const float>(parameters), call, d_result.data_ptr<float>(),
                      trains ? &arrays : nullptr, d_hidden.data_ptr<float>());
    return results;
  }

  // True where this is a plain backward() that adds to existing gradients: then the kernels do so themselves, which
  // saves an array of all gradients and three passes over it.
  bool can_add_to_gradients() const {
    const auto* chosen = torch::autograd::get_current_graph_task_exec_info();
    if (chosen != nullptr && !chosen->empty()) return false;  // gradients are asked for as results
    for (size_t i = 0; i < parameters.size(); ++i) {
      const auto* leaf = dynamic_cast<torch::autograd::AccumulateGrad*>(next_edge(i + 1).function.get());
      const Tensor& gradient = parameters[i].grad();
      if (leaf == nullptr || !leaf->pre_hooks().empty() || !leaf->post_hooks().empty() || !gradient.defined() ||
          !gradient.is_contiguous() || gradient.scalar_type() != torch::kFloat32) {
        return false;
      }
    }
    return true;
  }

  std::shared_ptr<Encoder> encoder;
  std::shared_ptr<Encoder::SavedActivations> saved;
  std::vector<Tensor> parameters;
  std::vector<Tensor> owned;  // the arrays that `call` points to
  EncoderInput call;
};

}  // namespace

FusedTransformer::FusedTransformer(const TransformerShape& shape, Instructions level)
    : heads_(shape.heads),
      encoder_(std::make_shared<Encoder>(EncoderShape{shape.layers, shape.width, shape.heads, shape.feed_forward,
                                                      static_cast<float>(shape.norm_epsilon), shape.pre_norm},
                                         level)) {}

int64_t FusedTransformer::reallocations() const { return encoder_->reallocations(); }

Tensor FusedTransformer::forward(const Tensor& hidden, const Extras& extras, const std::vector<Tensor>& parameters) {
  const int64_t length = hidden.size(1);
  const Tensor input = hidden.detach().contiguous();
  std::vector<Tensor> owned;
  const auto keep_data = [&](const Tensor& tensor) {
    owned.push_back(tensor.detach().to(torch::kFloat32).contiguous());
    return owned.back().data_ptr<float>();
  };
  EncoderInput call = {.batch = input.size(0), .length = length, .hidden = input.data_ptr<float>()};
  if (extras.bias.defined()) call.bias = keep_data(extras.bias.expand({heads_, length, length}));
  if (extras.rotation.defined()) {
    call.cosine = keep_data(extras.rotation.cosine);
    call.sine = keep_data(extras.rotation.sine);
    call.half = extras.rotation.cosine.size(1);
  }
  if (extras.dropout > 0) {
    call.dropout = static_cast<float>(extras.dropout);
    call.seed = static_cast<uint32_t>(torch::randint(int64_t{1} << 32, {1}, torch::kInt64).item<int64_t>());
  }
  bool keep = hidden.requires_grad();
  for (const auto& parameter : parameters) keep = keep || parameter.requires_grad();
  keep = keep && torch::GradMode::is_enabled();

  if (loaded_.replace(parameters)) encoder_->load(read_arrays<const float>(parameters));
  Tensor result = torch::empty_like(input);
  auto saved = encoder_->forward(call, result.data_ptr<float>(), keep);
  if (!keep) return result;
  const std::shared_ptr<EncoderNode> node(new EncoderNode(), torch::autograd::deleteNode);
  node->encoder = encoder_;
  node->saved = std::move(saved);
  node->parameters = parameters;
  node->owned = std::move(owned);
  node->call = call;
  node->call.hidden = nullptr;  // only the forward pass reads it
  torch::autograd::edge_list edges = {torch::autograd::impl::gradient_edge(hidden)};
  for (const auto& parameter : parameters) edges.push_back(torch::autograd::impl::gradient_edge(parameter));
  node->set_next_edges(std::move(edges));
  torch::autograd::set_history(result, node);
  return result;
}

}  // namespace difflm
