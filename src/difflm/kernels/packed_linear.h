// A linear layer in the form that the products take: its weight in bfloat16, with the norm before it folded in where there is one.
#pragma once

#include <algorithm>

#include "difflm/kernels/encoder_shape.h"
#include "difflm/kernels/parallel.h"
#include "difflm/kernels/products.h"

namespace difflm {

class PackedLinear {
 public:
  PackedMatrix& weight() { return weight_; }
  const float* bias() const { return bias_.data(); }
  int64_t reallocations() const { return weight_.reallocations() + bias_.reallocations(); }

  // Rows `first` .. first + rows - 1 of `all` rows. `norm` may be null.
  void load(const VectorKernels& vector, const LinearArrays<const float>& linear, const NormArrays<const float>* norm, int64_t rows,
            int64_t inner, int64_t first, int64_t all) {
    Bfloat16* weight = weight_.refill(all, inner) + first * inner;
    float* bias = bias_.get(all) + first;
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
      const float* from = linear.weight + begin * inner;
      if (norm != nullptr) {
        vector.fold_weight(from, linear.bias + begin, norm->scale, norm->shift, end - begin, inner, weight + begin * inner,
                           bias + begin);
      } else {
        vector.round_to_bfloat16(from, (end - begin) * inner, weight + begin * inner);
        std::copy(linear.bias + begin, linear.bias + end, bias + begin);
      }
    });
  }

 private:
  PackedMatrix weight_;
  Buffer<float> bias_;
};

}  // namespace difflm
