#include "difflm/kernels/feed_forward_half.h"

#include <algorithm>

#include "difflm/kernels/avx512/gelu.h"

namespace difflm {

void FeedForwardHalf::load(const EncoderShape& shape, const BlockArrays<const float>& weights,
                           const NormArrays<const float>* norm) {
  expand_.load(weights.expand, norm, shape.feed_forward, shape.width, 0, shape.feed_forward);
  contract_.load(weights.contract, nullptr, shape.width, shape.feed_forward, 0, shape.width);
}

void FeedForwardHalf::forward(const EncoderShape& shape, const EncoderInput& call, uint32_t place, const Bfloat16* input,
                              Workspace& workspace, Record& record, float* stream) const {
  const int64_t rows = call.rows();
  const int64_t inner = shape.feed_forward;
  Bfloat16* expanded = record.expanded.get(rows * inner);
  workspace.products.run({.rows = rows, .columns = inner, .inner = shape.width, .right_transposed = true, .with_bias = true}, input,
                         expand_.weight(), expand_.bias(), expanded);
  Bfloat16* activated = workspace.activated.get(rows * inner);
  for_shares(rows * inner, kValueGrain,
             [&](int64_t begin, int64_t end, int) { gelu(expanded + begin, end - begin, activated + begin); });
  workspace.add_branch(rows, shape.width, inner, activated, contract_.weight(), contract_.bias(), call.dropout_at(3 * place + 2),
                       stream);
}

void FeedForwardHalf::backward(const EncoderShape& shape, const EncoderInput& call, const Bfloat16* input, const Record& record,
                               const Bfloat16* d_branch, const float* branch_sums, const BlockArrays<const float>& weights,
                               const NormArrays<const float>* norm, const BlockArrays<float>* gradients, Workspace& workspace,
                               Bfloat16* d_input) const {
  const int64_t rows = call.rows();
  const int64_t width = shape.width;
  const int64_t inner = shape.feed_forward;
  Bfloat16* d_expanded = workspace.d_expanded.get(rows * inner);
  Bfloat16* activated = workspace.activated.get(rows * inner);
  workspace.bias_sums.resize(static_cast<size_t>(std::max(3 * width, inner)));
  workspace.products.run({.rows = rows, .columns = inner, .inner = width}, d_branch, contract_.weight(), nullptr, d_expanded);
  workspace.thread_sums.run(rows, kRowGrain, inner, workspace.bias_sums.data(), [&](int64_t begin, int64_t end, float* sums) {
    gelu_backward(record.expanded.data() + begin * inner, end - begin, inner, d_expanded + begin * inner, activated + begin * inner,
                  sums);
  });
  workspace.products.run({.rows = rows, .columns = width, .inner = inner}, d_expanded, expand_.weight(), nullptr, d_input);
  if (gradients == nullptr) return;

  std::copy_n(branch_sums, width, gradients->contract.bias);
  workspace.weight_gradient(rows, d_branch, width, activated, inner, gradients->contract.weight);
  std::copy_n(workspace.bias_sums.data(), inner, gradients->expand.bias);
  if (norm == nullptr) {
    workspace.weight_gradient(rows, d_expanded, inner, input, width, gradients->expand.weight);
    return;
  }
  float* d_folded = workspace.d_folded.get(inner * width);
  workspace.weight_gradient(rows, d_expanded, inner, input, width, d_folded);
  workspace.d_norm.assign(static_cast<size_t>(2 * width), 0);
  workspace.unfold(weights.expand, *norm, d_folded, inner, width, gradients->expand);
  std::copy_n(workspace.d_norm.data(), width, gradients->feed_forward_norm.scale);
  std::copy_n(workspace.d_norm.data() + width, width, gradients->feed_forward_norm.shift);
}

}  // namespace difflm
