#include "difflm/nn/fused_softmax_head.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include "difflm/core/error.h"
#include "difflm/kernels/processor.h"
#include "difflm/kernels/softmax_head.h"

namespace difflm {
namespace {

using torch::autograd::variable_list;

void load(SoftmaxHead& head, const Tensor& table, const Tensor& bias) {
  head.load(table.data_ptr<float>(), bias.data_ptr<float>(), table.size(0), table.size(1));
}

struct CrossEntropyNode : torch::autograd::Node {
  std::string name() const override { return "FusedCrossEntropyBackward"; }
  void release_variables() override { points = table = bias = tokens = log_sums = Tensor(); }

  variable_list apply(variable_list&& slopes) override {
    if (!points.defined()) throw failure("backward pass", "was run before; the fused cross-entropy keeps its states for one");
    load(*head, table, bias);  // another table may have been used since the forward pass
    const Tensor slope = slopes.front().to(torch::kFloat32).contiguous();
    const Tensor d_points = torch::empty_like(points);
    const Tensor d_table = task_should_compute_output(1) ? torch::empty_like(table) : Tensor();
    const Tensor d_bias = task_should_compute_output(2) ? torch::empty_like(bias) : Tensor();
    const auto data = [](const Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; };
    head->cross_entropy_backward(points.data_ptr<float>(), tokens.data_ptr<int64_t>(), log_sums.data_ptr<float>(),
                                 slope.data_ptr<float>(), tokens.numel(), d_points.data_ptr<float>(), data(d_table), data(d_bias));
    return {d_points, d_table, d_bias};
  }

  std::shared_ptr<SoftmaxHead> head;
  Tensor points, table, bias, tokens, log_sums;
};

}  // namespace

FusedSoftmaxHead::FusedSoftmaxHead() : head_(std::make_shared<SoftmaxHead>()) {}
FusedSoftmaxHead::~FusedSoftmaxHead() = default;

bool FusedSoftmaxHead::is_supported(const Tensor& points, const Tensor& table) {
  return has_avx512_bfloat16() && points.is_cpu() && points.scalar_type() == torch::kFloat32 &&
         table.scalar_type() == torch::kFloat32 && points.numel() > 0;
}

Tensor FusedSoftmaxHead::cross_entropy(const Tensor& points, const Tensor& table, const Tensor& bias, const Tensor& tokens) {
  const auto node = std::shared_ptr<CrossEntropyNode>(new CrossEntropyNode(), torch::autograd::deleteNode);
  node->head = head_;
  node->points = points.detach().contiguous();
  node->table = table.detach().contiguous();
  node->bias = bias.detach().contiguous();
  node->tokens = tokens.contiguous();
  node->log_sums = torch::empty(tokens.sizes(), torch::kFloat32);
  Tensor loss = torch::empty(tokens.sizes(), torch::kFloat32);
  load(*head_, node->table, node->bias);
  head_->cross_entropy(node->points.data_ptr<float>(), node->tokens.data_ptr<int64_t>(), tokens.numel(), loss.data_ptr<float>(),
                       node->log_sums.data_ptr<float>());
  if (torch::GradMode::is_enabled() && (points.requires_grad() || table.requires_grad() || bias.requires_grad())) {
    node->set_next_edges({torch::autograd::impl::gradient_edge(points), torch::autograd::impl::gradient_edge(table),
                          torch::autograd::impl::gradient_edge(bias)});
    torch::autograd::set_history(loss, node);
  }
  return loss;
}

Tensor FusedSoftmaxHead::expectation(const Tensor& points, const Tensor& table, const Tensor& bias, double temperature) {
  const Tensor from = points.detach().contiguous();
  Tensor result = torch::empty_like(from);
  load(*head_, table.detach().contiguous(), bias.detach().contiguous());
  head_->expectation(from.data_ptr<float>(), static_cast<float>(temperature), from.numel() / from.size(-1),
                     result.data_ptr<float>());
  return result;
}

}  // namespace difflm
