// Multi-head attention for short sequences: scores never leave the cache, and the backward pass recomputes them (Dao et al.
// 2022, FlashAttention, arXiv 2205.14135) instead of keeping [B,heads,T,T].
//
// Works on the calling thread; parallel.h hands out shares of the items.
#pragma once

#include <cstdint>

#include "difflm/kernels/attention_shape.h"
#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/dropout.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

// Floats of scratch that one thread needs.
int64_t attention_scratch(const AttentionShape& shape);

// Items begin .. end-1 of B * heads, item = sequence * heads + head, on the calling thread.
//
// queries_keys_values [B,T,3*width] -> mixed [B,T,width]; `bias` [heads,T,T] is added to the scores where it is not null; -infinity
// hides a key. Dropout applies to the attention weights. log_sums [B,heads,T] is what the backward pass needs.
void attend(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values, const float* bias,
            const Dropout& dropout, Bfloat16* mixed, float* log_sums, float* scratch);

// Overwrites the parts of d_queries_keys_values that belong to the items.
void attend_backward(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values,
                     const float* bias, const Dropout& dropout, const Bfloat16* mixed, const float* log_sums,
                     const Bfloat16* d_mixed, Bfloat16* d_queries_keys_values, float* scratch);

}  // namespace difflm::DIFFLM_LEVEL
