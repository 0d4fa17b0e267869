// Multi-head attention on the matrix unit: the functions of vector/attention.h, with operands in bfloat16 and sums in float32.
//
// Queries, keys, values and their gradients are bfloat16 already; the attention weights and the gradients of the scores are rounded
// to it before they are multiplied, as LibTorch under autocast does. Works on the calling thread.
#pragma once

#include <cstdint>

#include "difflm/kernels/attention_shape.h"
#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/dropout.h"

namespace difflm::amx {

// Floats of scratch that one thread needs; it must start at a multiple of 64 bytes.
int64_t attention_scratch(const AttentionShape& shape);

// Items begin .. end-1 of B * heads, item = sequence * heads + head, on the calling thread.
//
// queries_keys_values [B,T,3*width] -> mixed [B,T,width]; `bias` [heads,T,T] is added to the scores where it is not null, -infinity
// hides a key. Dropout falls on the attention weights. log_sums [B,heads,T] is what the backward pass needs.
void attend(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values, const float* bias,
            const Dropout& dropout, Bfloat16* mixed, float* log_sums, float* scratch);

// Overwrites d_queries_keys_values where the items stand.
void attend_backward(const AttentionShape& shape, int64_t begin, int64_t end, const Bfloat16* queries_keys_values,
                     const float* bias, const Dropout& dropout, const Bfloat16* mixed, const float* log_sums,
                     const Bfloat16* d_mixed, Bfloat16* d_queries_keys_values, float* scratch);

}  // namespace difflm::amx
