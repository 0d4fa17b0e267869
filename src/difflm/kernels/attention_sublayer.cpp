#include "difflm/kernels/attention_sublayer.h"

#include <algorithm>
#include <array>

namespace difflm {
namespace {

AttentionShape attention_shape(const EncoderShape& shape, const EncoderInput& call) {
  return {call.batch, call.length, shape.heads, shape.width / shape.heads};
}

// Runs body(begin, end, scratch) on shares of the B * heads items.
template <class Body>
void for_items(const AttentionShape& shape, Workspace& workspace, const Body& body) {
  const int64_t needed = (workspace.vector.attention_scratch(shape) + 15) / 16 * 16;  // whole cache lines
  float* all = workspace.scratch.get(needed * thread_count());
  for_shares(shape.batch * shape.heads, 1,
             [&](int64_t begin, int64_t end, int thread) { body(begin, end, all + thread * needed); });
}

// Rotates queries and keys (or back, for gradients).
void rotate(const VectorKernels& vector, const EncoderShape& shape, const EncoderInput& call, float sign,
            Bfloat16* queries_keys_values) {
  if (call.cosine == nullptr) return;
  const int64_t step = 3 * shape.width;
  for_shares(call.rows(), kRowGrain, [&](int64_t begin, int64_t end, int) {
    for (int64_t part = 0; part < 2; ++part) {
      vector.rotate_rows(queries_keys_values + begin * step + part * shape.width, end - begin, step, begin, call.length,
                         shape.heads, shape.width / shape.heads, call.cosine, call.sine, call.half, sign);
    }
  });
}

}  // namespace

void AttentionSublayer::load(const EncoderShape& shape, const VectorKernels& vector, const BlockArrays<const float>& weights,
                             const NormArrays<const float>* norm) {
  const int64_t width = shape.width;
  queries_keys_values_.load(vector, weights.query, norm, width, width, 0, 3 * width);
  queries_keys_values_.load(vector, weights.key, norm, width, width, width, 3 * width);
  queries_keys_values_.load(vector, weights.value, norm, width, width, 2 * width, 3 * width);
  output_.load(vector, weights.output, nullptr, width, width, 0, width);
}

void AttentionSublayer::forward(const EncoderShape& shape, const EncoderInput& call, uint32_t place, const Bfloat16* input,
                                Workspace& workspace, SavedActivations& saved, float* stream) {
  const int64_t rows = call.rows();
  const int64_t width = shape.width;
  Bfloat16* three = saved.queries_keys_values.get(rows * 3 * width);
  workspace.products.forward(input, rows, queries_keys_values_.weight(),
                             {.columns = 3 * width, .bias = queries_keys_values_.bias(), .result = three});
  rotate(workspace.vector, shape, call, 1, three);
  Bfloat16* mixed = saved.mixed.get(rows * width);
  float* log_sums = saved.log_sums.get(rows * shape.heads);
  const AttentionShape attention = attention_shape(shape, call);
  for_items(attention, workspace, [&](int64_t begin, int64_t end, float* scratch) {
    workspace.vector.attend(attention, begin, end, three, call.bias, call.dropout_at(3 * place), mixed, log_sums, scratch);
  });
  workspace.add_branch(mixed, rows, output_, call.dropout_at(3 * place + 1), 0, stream);
}

void AttentionSublayer::backward(const EncoderShape& shape, const EncoderInput& call, uint32_t place, const Bfloat16* input,
                                 const SavedActivations& saved, const Bfloat16* d_branch, const float* branch_sums,
                                 const BlockArrays<const float>& weights, const NormArrays<const float>* norm,
                                 const BlockArrays<float>* gradients, Workspace& workspace, Bfloat16* d_input) {
  const int64_t rows = call.rows();
  const int64_t width = shape.width;
  Bfloat16* d_mixed = workspace.d_mixed.get(rows * width);
  Bfloat16* d_three = workspace.d_three.get(rows * 3 * width);
  workspace.products.backward(d_branch, rows, output_.weight(), {.columns = width, .result = d_mixed});
  const AttentionShape attention = attention_shape(shape, call);
  for_items(attention, workspace, [&](int64_t begin, int64_t end, float* scratch) {
    workspace.vector.attend_backward(attention, begin, end, saved.queries_keys_values.data(), call.bias, call.dropout_at(3 * place),
                                     saved.mixed.data(), saved.log_sums.data(), d_mixed, d_three, scratch);
  });
  rotate(workspace.vector, shape, call, -1, d_three);
  workspace.products.backward(d_three, rows, queries_keys_values_.weight(), {.columns = width, .result = d_input});
  if (gradients == nullptr) return;

  add_values(branch_sums, width, gradients->output.bias);
  workspace.products.weight_gradient(rows, d_branch, width, saved.mixed.data(), width, gradients->output.weight, true);
  float* d_folded = workspace.d_folded.get(3 * width * width);
  workspace.products.weight_gradient(rows, d_three, 3 * width, input, width, d_folded);
  workspace.bias_sums.resize(static_cast<size_t>(std::max(3 * width, shape.feed_forward)));
  float* sums = workspace.bias_sums.data();
  workspace.thread_sums.run(rows, kRowGrain, 3 * width, sums, [&](int64_t begin, int64_t end, float* own) {
    workspace.vector.add_column_sums(d_three + begin * 3 * width, end - begin, 3 * width, own);
  });
  struct Part {
    const LinearArrays<const float>* linear;
    const LinearArrays<float>* gradient;
  };
  const std::array<Part, 3> parts = {Part{&weights.query, &gradients->query}, Part{&weights.key, &gradients->key},
                                     Part{&weights.value, &gradients->value}};
  workspace.d_norm.assign(static_cast<size_t>(2 * width), 0);
  for (const Part& part : parts) {
    add_values(sums, width, part.gradient->bias);
    if (norm != nullptr) {
      workspace.unfold(*part.linear, *norm, d_folded, sums, width, width, part.gradient->weight);
    } else {
      add_values(d_folded, width * width, part.gradient->weight);
    }
    sums += width;
    d_folded += width * width;
  }
  if (norm == nullptr) return;
  add_values(workspace.d_norm.data(), width, gradients->attention_norm.scale);
  add_values(workspace.d_norm.data() + width, width, gradients->attention_norm.shift);
}

}  // namespace difflm
