// What the sublayers of all blocks share: ready products, buffers for what no later pass needs, and the steps common to both kinds.
#pragma once

#include <vector>

#include "difflm/kernels/packed_linear.h"
#include "difflm/kernels/thread_sums.h"

namespace difflm {

inline void add_values(const float* from, int64_t count, float* to) {
  for (int64_t i = 0; i < count; ++i) to[i] += from[i];
}

struct Workspace {
  explicit Workspace(Instructions level) : products(level), vector(products.vector()) {}

  Products products;
  const VectorKernels& vector;
  ThreadSums thread_sums;
  Buffer<float> scratch;          // of attention, one share per thread
  Buffer<Bfloat16> activated;     // [chunk,F]
  Buffer<Bfloat16> d_expanded;    // [chunk,F]
  Buffer<Bfloat16> d_mixed;       // [M,H]
  Buffer<Bfloat16> d_three;       // [M,3H]
  Buffer<float> d_folded;         // a weight's gradient before the norm is unfolded
  Buffer<float> fold_sums;        // [2,H]
  std::vector<float> chunk_sums;  // [F], of one chunk of rows
  std::vector<float> bias_sums;   // of a linear layer's result
  std::vector<float> d_norm;      // [2,H]

  int64_t reallocations() const {
    return products.reallocations() + thread_sums.reallocations() + scratch.reallocations() + activated.reallocations() +
           d_expanded.reallocations() + d_mixed.reallocations() + d_three.reallocations() + d_folded.reallocations() +
           fold_sums.reallocations();
  }

  // stream [rows,outputs] += dropped(left . weight^T + bias); `place` is the index of the stream's first value among all.
  void add_branch(const Bfloat16* left, int64_t rows, PackedLinear& linear, const Dropout& dropout, int64_t place, float* stream) {
    products.forward(left, rows, linear.weight(),
                     {.kind = Epilogue::Kind::add,
                      .columns = linear.weight().outputs(),
                      .bias = linear.bias(),
                      .total = stream,
                      .dropout = dropout,
                      .place = place});
  }

  // From the gradients of a folded weight [rows,inner] and its bias: adds to d_weight, and to the norm's in d_norm.
  void unfold(const LinearArrays<const float>& linear, const NormArrays<const float>& norm, const float* d_folded_weight,
              const float* d_bias, int64_t rows, int64_t inner, float* d_weight) {
    float* both = fold_sums.get(2 * inner);
    thread_sums.run(rows, kRowGrain, 2 * inner, both, [&](int64_t begin, int64_t end, float* own) {
      vector.fold_weight_backward(linear.weight + begin * inner, norm.scale, norm.shift, d_folded_weight + begin * inner,
                                  d_bias + begin, end - begin, inner, d_weight + begin * inner, own, own + inner);
    });
    for (int64_t i = 0; i < 2 * inner; ++i) d_norm[static_cast<size_t>(i)] += both[i];
  }
};

}  // namespace difflm
