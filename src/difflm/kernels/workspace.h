// What the halves of all blocks share: ready products, buffers for what no later pass needs, and the steps both kinds of half take.
#pragma once

#include <vector>

#include "difflm/kernels/avx512/folded_weight.h"
#include "difflm/kernels/avx512/residual.h"
#include "difflm/kernels/buffer.h"
#include "difflm/kernels/encoder_shape.h"
#include "difflm/kernels/matrix_product.h"
#include "difflm/kernels/thread_sums.h"

namespace difflm {

struct Workspace {
  MatrixProducts products;
  ThreadSums thread_sums;
  Buffer<float> scratch;          // of attention, one share a thread
  Buffer<float> branch;           // [M,H], the result of a branch before dropout
  Buffer<Bfloat16> activated;     // [chunk,F]
  Buffer<Bfloat16> d_expanded;    // [chunk,F]
  Buffer<Bfloat16> d_mixed;       // [M,H]
  Buffer<Bfloat16> d_three;       // [M,3H]
  Buffer<float> d_folded;         // a weight's gradient before the norm is taken out again
  Buffer<float> fold_sums;        // [2,H]
  std::vector<float> chunk_sums;  // [F], of one chunk of rows
  std::vector<float> bias_sums;   // of a linear layer's result
  std::vector<float> d_norm;      // [2,H]

  int64_t growths() const {
    return thread_sums.growths() + scratch.growths() + branch.growths() + activated.growths() + d_expanded.growths() +
           d_mixed.growths() + d_three.growths() + d_folded.growths() + fold_sums.growths();
  }

  // stream [rows,columns] += left . right^T + bias, with dropout on what is added; `place` is the stream's first value among all.
  void add_branch(int64_t rows, int64_t columns, int64_t inner, const Bfloat16* left, const Bfloat16* right, const float* bias,
                  const Dropout& dropout, int64_t place, float* stream) {
    ProductShape shape = {
        .rows = rows, .columns = columns, .inner = inner, .right_transposed = true, .with_bias = true, .to_float = true};
    if (!dropout.is_on()) {
      shape.accumulate = true;
      products.run(shape, left, right, bias, stream);
      return;
    }
    float* result = branch.get(rows * columns);
    products.run(shape, left, right, bias, result);
    for_shares(rows * columns, kValueGrain, [&](int64_t begin, int64_t end, int) {
      add_dropped(result + begin, end - begin, place + begin, dropout, stream + begin);
    });
  }

  // d_weight [outputs,inputs] (+)= d_output^T . input
  void weight_gradient(int64_t rows, const Bfloat16* d_output, int64_t outputs, const Bfloat16* input, int64_t inputs,
                       float* d_weight, bool accumulate = false) {
    products.run(
        {.rows = outputs, .columns = inputs, .inner = rows, .left_transposed = true, .to_float = true, .accumulate = accumulate},
        d_output, input, nullptr, d_weight);
  }

  // From the gradient of a folded weight [rows,inner] to that of the weight; d_norm gains the norm's.
  void unfold(const LinearArrays<const float>& linear, const NormArrays<const float>& norm, const float* d_folded_weight,
              int64_t rows, int64_t inner, const LinearArrays<float>& gradient) {
    float* both = fold_sums.get(2 * inner);
    thread_sums.run(rows, kRowGrain, 2 * inner, both, [&](int64_t begin, int64_t end, float* own) {
      fold_weight_backward(linear.weight + begin * inner, norm.scale, norm.shift, d_folded_weight + begin * inner,
                           gradient.bias + begin, end - begin, inner, gradient.weight + begin * inner, own, own + inner);
    });
    for (int64_t i = 0; i < 2 * inner; ++i) d_norm[static_cast<size_t>(i)] += both[i];
  }
};

}  // namespace difflm
