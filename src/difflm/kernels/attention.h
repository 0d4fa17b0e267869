// Multi-head attention for short sequences: scores never leave the cache, and the backward pass computes them again (Dao et al.
// 2022, FlashAttention, arXiv 2205.14135) instead of keeping [B,heads,T,T].
//
// Compiled for AVX512; callers make sure that the processor has it (processor.h).
#pragma once

#include <cstdint>
#include <vector>

#include "difflm/kernels/bfloat16.h"

namespace difflm {

struct AttentionShape {
  int64_t batch = 0;
  int64_t length = 0;
  int64_t heads = 0;
  int64_t head_size = 0;
  int64_t width() const { return heads * head_size; }
};

class Attention512 {
 public:
  // queries_keys_values [B,T,3*width] -> mixed [B,T,width]; `bias` [heads,T,T] is added to the scores where it is not null,
  // -infinity hides a key. log_sums [B,heads,T] is what the backward pass needs.
  void forward(const AttentionShape& shape, const Bfloat16* queries_keys_values, const float* bias, Bfloat16* mixed,
               float* log_sums);

  // d_queries_keys_values is overwritten; sums [3*width] gains its column sums.
  void backward(const AttentionShape& shape, const Bfloat16* queries_keys_values, const float* bias, const Bfloat16* mixed,
                const float* log_sums, const Bfloat16* d_mixed, Bfloat16* d_queries_keys_values, float* sums);

 private:
  float* scratch(int thread, int64_t count);
  std::vector<std::vector<float>> scratch_;  // one a thread
  std::vector<std::vector<float>> partial_sums_;
};

}  // namespace difflm
