#include "difflm/kernels/feed_forward_sublayer.h"

#include <algorithm>

namespace difflm {
namespace {

// Rows processed at a time: their expanded states and their gradients stay in the second-level cache between the products.
int64_t chunk_rows(int64_t inner) {
  constexpr int64_t kValues = 1 << 19;  // 1 MB of bfloat16
  constexpr int64_t kFewest = 128;
  return std::max(kFewest, kValues / inner / 32 * 32);
}

template <class Body>
void for_chunks(int64_t rows, int64_t inner, const Body& body) {
  const int64_t most = chunk_rows(inner);
  for (int64_t first = 0; first < rows; first += most) body(first, std::min(most, rows - first));
}

}  // namespace

void FeedForwardSublayer::load(const EncoderShape& shape, const VectorKernels& vector, const BlockArrays<const float>& weights,
                               const NormArrays<const float>* norm) {
  expand_.load(vector, weights.expand, norm, shape.feed_forward, shape.width, 0, shape.feed_forward);
  contract_.load(vector, weights.contract, nullptr, shape.width, shape.feed_forward, 0, shape.width);
}

void FeedForwardSublayer::forward(const EncoderShape& shape, const EncoderInput& call, uint32_t place, const Bfloat16* input,
                                  Workspace& workspace, SavedActivations& saved, float* stream) {
  const int64_t width = shape.width;
  const int64_t inner = shape.feed_forward;
  const Dropout dropout = call.dropout_at(3 * place + 2);
  Bfloat16* expanded = saved.expanded.get(call.rows() * inner);
  Bfloat16* activated = workspace.activated.get(std::min(call.rows(), chunk_rows(inner)) * inner);
  for_chunks(call.rows(), inner, [&](int64_t first, int64_t rows) {
    workspace.products.forward(input + first * width, rows, expand_.weight(),
                               {.kind = Epilogue::Kind::gelu,
                                .columns = inner,
                                .bias = expand_.bias(),
                                .result = expanded + first * inner,
                                .activated = activated});
    workspace.add_branch(activated, rows, contract_, dropout, first * width, stream + first * width);
  });
}

void FeedForwardSublayer::backward(const EncoderShape& shape, const EncoderInput& call, const Bfloat16* input,
                                   const SavedActivations& saved, const Bfloat16* d_branch, const float* branch_sums,
                                   const BlockArrays<const float>& weights, const NormArrays<const float>* norm,
                                   const BlockArrays<float>* gradients, Workspace& workspace, Bfloat16* d_input) {
  const int64_t width = shape.width;
  const int64_t inner = shape.feed_forward;
  const int64_t most = std::min(call.rows(), chunk_rows(inner));
  Bfloat16* d_expanded = workspace.d_expanded.get(most * inner);
  Bfloat16* activated = workspace.activated.get(most * inner);
  float* d_expand = gradients == nullptr ? nullptr
                    : norm == nullptr    ? gradients->expand.weight
                                         : workspace.d_folded.get(inner * width);
  workspace.bias_sums.assign(static_cast<size_t>(std::max(3 * width, inner)), 0);
  workspace.chunk_sums.resize(static_cast<size_t>(inner));
  for_chunks(call.rows(), inner, [&](int64_t first, int64_t rows) {
    const Bfloat16* slope = d_branch + first * width;
    workspace.products.backward(slope, rows, contract_.weight(),
                                {.kind = Epilogue::Kind::gelu_backward,
                                 .columns = inner,
                                 .result = d_expanded,
                                 .activated = activated,
                                 .before = saved.expanded.data() + first * inner},
                                workspace.chunk_sums.data());
    for (size_t i = 0; i < workspace.chunk_sums.size(); ++i) workspace.bias_sums[i] += workspace.chunk_sums[i];
    workspace.products.backward(d_expanded, rows, expand_.weight(), {.columns = width, .result = d_input + first * width});
    if (gradients == nullptr) return;
    workspace.products.weight_gradient(rows, slope, width, activated, inner, gradients->contract.weight, true);
    workspace.products.weight_gradient(rows, d_expanded, inner, input + first * width, width, d_expand,
                                       norm == nullptr || first > 0);
  });
  if (gradients == nullptr) return;

  add_values(branch_sums, width, gradients->contract.bias);
  add_values(workspace.bias_sums.data(), inner, gradients->expand.bias);
  if (norm == nullptr) return;
  workspace.d_norm.assign(static_cast<size_t>(2 * width), 0);
  workspace.unfold(weights.expand, *norm, d_expand, workspace.bias_sums.data(), inner, width, gradients->expand.weight);
  add_values(workspace.d_norm.data(), width, gradients->feed_forward_norm.scale);
  add_values(workspace.d_norm.data() + width, width, gradients->feed_forward_norm.shift);
}

}  // namespace difflm
