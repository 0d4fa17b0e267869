#include "difflm/nn/fused_softmax_head.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include "difflm/core/error.h"
#include "difflm/kernels/softmax_head.h"

namespace difflm {

struct FusedSoftmaxHead::State {
  explicit State(Instructions level) : head(level) {}

  void load(const Tensor& table, const Tensor& bias) {
    if (!loaded.replace({table, bias})) return;
    head.load(table.data_ptr<float>(), bias.data_ptr<float>(), table.size(0), table.size(1));
  }

  // Room for `count` logits until the backward pass, undefined where too many are held already: then they are made again.
  Tensor keep(int64_t count) {
    constexpr int64_t kMostKept = 1 << 24;  // 64 MB
    if (kept + count > kMostKept) return {};
    kept += count;
    return torch::empty({count});
  }

  SoftmaxHead head;
  LoadedWeights loaded;
  int64_t kept = 0;  // logits that wait for a backward pass
};

namespace {

using torch::autograd::variable_list;

struct CrossEntropyNode : torch::autograd::Node {
  CrossEntropyNode() = default;
  CrossEntropyNode(const CrossEntropyNode&) = delete;
  CrossEntropyNode& operator=(const CrossEntropyNode&) = delete;
  ~CrossEntropyNode() override { release_variables(); }

  std::string name() const override { return "FusedCrossEntropyBackward"; }
  void release_variables() override {
    if (logits.defined()) state->kept -= logits.numel();
    points = table = bias = tokens = log_sums = logits = Tensor();
  }

  variable_list apply(variable_list&& slopes) override {
    if (!points.defined()) throw failure("backward pass", "has already been run; the fused cross-entropy keeps its states for one");
    state->load(table, bias);  // another table may have been used since the forward pass
    const Tensor slope = slopes.front().to(torch::kFloat32).contiguous();
    const Tensor d_points = torch::empty_like(points);
    const Tensor d_table = task_should_compute_output(1) ? torch::empty_like(table) : Tensor();
    const Tensor d_bias = task_should_compute_output(2) ? torch::empty_like(bias) : Tensor();
    const auto data = [](const Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; };
    state->head.cross_entropy_backward(scored(), log_sums.data_ptr<float>(), slope.data_ptr<float>(), d_points.data_ptr<float>(),
                                       data(d_table), data(d_bias));
    return {d_points, d_table, d_bias};
  }

  SoftmaxHead::Scored scored() const {
    return {points.data_ptr<float>(), tokens.data_ptr<int64_t>(), tokens.numel(),
            logits.defined() ? logits.data_ptr<float>() : nullptr, precise};
  }

  std::shared_ptr<FusedSoftmaxHead::State> state;
  Tensor points, table, bias, tokens, log_sums;
  Tensor logits;  // undefined: made again
  bool precise = true;
};

}  // namespace

FusedSoftmaxHead::FusedSoftmaxHead(Instructions level) : state_(std::make_shared<State>(level)) {}
FusedSoftmaxHead::~FusedSoftmaxHead() = default;

bool FusedSoftmaxHead::is_supported(const Tensor& points, const Tensor& table) {
  return points.is_cpu() && points.scalar_type() == torch::kFloat32 && table.scalar_type() == torch::kFloat32 && points.numel() > 0;
}

Tensor FusedSoftmaxHead::cross_entropy(const Tensor& points, const Tensor& table, const Tensor& bias, const Tensor& tokens,
                                       bool precise) {
  const auto node = std::shared_ptr<CrossEntropyNode>(new CrossEntropyNode(), torch::autograd::deleteNode);
  node->state = state_;
  node->points = points.detach().contiguous();
  node->table = table.detach().contiguous();
  node->bias = bias.detach().contiguous();
  node->tokens = tokens.contiguous();
  node->log_sums = torch::empty(tokens.sizes(), torch::kFloat32);
  Tensor loss = torch::empty(tokens.sizes(), torch::kFloat32);
  state_->load(node->table, node->bias);
  const bool differentiated =
      torch::GradMode::is_enabled() && (points.requires_grad() || table.requires_grad() || bias.requires_grad());
  node->precise = precise;
  if (differentiated) node->logits = state_->keep(tokens.numel() * table.size(0));
  state_->head.cross_entropy(node->scored(), loss.data_ptr<float>(), node->log_sums.data_ptr<float>());
  if (differentiated) {
    node->set_next_edges({torch::autograd::impl::gradient_edge(points), torch::autograd::impl::gradient_edge(table),
                          torch::autograd::impl::gradient_edge(bias)});
    torch::autograd::set_history(loss, node);
  }
  return loss;
}

Tensor FusedSoftmaxHead::expectation(const Tensor& points, const Tensor& table, const Tensor& bias, double temperature) {
  const Tensor from = points.detach().contiguous();
  Tensor result = torch::empty_like(from);
  state_->load(table.detach().contiguous(), bias.detach().contiguous());
  state_->head.expectation(from.data_ptr<float>(), static_cast<float>(temperature), from.numel() / from.size(-1),
                           result.data_ptr<float>());
  return result;
}

FusedSoftmaxHead::Rounded FusedSoftmaxHead::round(const Tensor& points, const Tensor& table, const Tensor& bias, double factor) {
  const Tensor from = points.detach().contiguous();
  const auto shape = from.sizes().slice(0, static_cast<size_t>(from.dim() - 1));
  const Rounded result = {torch::empty(shape, torch::kInt64), torch::empty(shape, torch::kFloat32)};
  state_->load(table.detach().contiguous(), bias.detach().contiguous());
  state_->head.best(from.data_ptr<float>(), static_cast<float>(factor), result.tokens.numel(), result.tokens.data_ptr<int64_t>(),
                    result.probability.data_ptr<float>());
  return result;
}

}  // namespace difflm
