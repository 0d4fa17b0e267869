// Row operations of a transformer block on bfloat16 and float32 arrays: everything between two matrix products but attention.
//
// Each function works on a share of rows on the calling thread (see parallel.h). The file is compiled for AVX512; callers make sure
// that the processor has it (processor.h).
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"

namespace difflm {

// normal = (hidden - mean) / deviation per row, without scale and shift; `inverse` gets 1 / deviation. [rows,width]
void normalise_rows(const float* hidden, int64_t rows, int64_t width, float epsilon, Bfloat16* normal, float* inverse);

// The same with scale and shift, to float32 [rows,width]; `normal` may be null where no backward pass follows.
void normalise_rows_to_float(const float* hidden, int64_t rows, int64_t width, float epsilon, const float* scale,
                             const float* shift, Bfloat16* normal, float* inverse, float* result);

// Backward of normalise_rows: d_hidden (+)= that of d_normal; also stored in bfloat16. `sums` [width] gains the column sums of the
// new d_hidden, the bias gradient of the linear layer that wrote this hidden state.
void normalise_rows_backward(const Bfloat16* d_normal, const Bfloat16* normal, const float* inverse, int64_t rows, int64_t width,
                             float* d_hidden, Bfloat16* d_hidden_short, float* sums);

// Backward of normalise_rows_to_float: writes d_hidden; d_scale and d_shift [width] and `sums` gain theirs.
void normalise_rows_to_float_backward(const float* d_result, const Bfloat16* normal, const float* inverse, const float* scale,
                                      int64_t rows, int64_t width, float* d_hidden, Bfloat16* d_hidden_short, float* d_scale,
                                      float* d_shift, float* sums);

// Exact GELU x Phi(x), the error function to 2e-7.
void gelu(const Bfloat16* values, int64_t count, Bfloat16* result);

// d_values = d_result * gelu'(values), written over d_result; `result` gets gelu(values) once more, so that the forward pass need
// not keep it. `sums` [width] gains the column sums of d_values.
void gelu_backward(const Bfloat16* values, int64_t rows, int64_t width, Bfloat16* d_result, Bfloat16* result, float* sums);

// loss = log sum exp(logits) - logits[target] per row of [rows,columns]; `log_sums` [rows] is kept for the backward pass.
void softmax_loss(const float* logits, int64_t rows, int64_t columns, const int64_t* targets, float* loss, float* log_sums);

// d_logits = slope * (softmax(logits) - one at the target), slope [rows]; sums [columns] gains the column sums.
void softmax_loss_backward(const float* logits, int64_t rows, int64_t columns, const int64_t* targets, const float* log_sums,
                           const float* slope, Bfloat16* d_logits, float* sums);

// softmax(factor * logits) per row; overwrites `logits` on its way.
void softmax_rows(float* logits, int64_t rows, int64_t columns, float factor, Bfloat16* result);

// Each value as the sum of two bfloat16 numbers, high + low, which together hold 16 bits of it.
void split_bfloat16(const float* values, int64_t count, Bfloat16* high, Bfloat16* low);

void round_to_bfloat16(const float* values, int64_t count, Bfloat16* result);

// sums [width] gains the column sums of values [rows,width].
void add_column_sums(const Bfloat16* values, int64_t rows, int64_t width, float* sums);

// A weight [rows,inner] behind a scale and a shift [inner] of its input, taken into one: weight * scale, and bias + weight . shift.
void fold_weight(const float* weight, const float* bias, const float* scale, const float* shift, int64_t rows, int64_t inner,
                 Bfloat16* folded, float* folded_bias);

// Backward of fold_weight: from d_folded [rows,inner] and d_bias [rows] to d_weight; d_scale and d_shift [inner] gain theirs.
void fold_weight_backward(const float* weight, const float* scale, const float* shift, const float* d_folded, const float* d_bias,
                          int64_t rows, int64_t inner, float* d_weight, float* d_scale, float* d_shift);

}  // namespace difflm
