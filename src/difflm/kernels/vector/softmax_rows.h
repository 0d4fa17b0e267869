// Softmax over rows of logits: as probabilities, and as cross-entropy with its gradient.
//
// Works on the calling thread; parallel.h hands out shares of rows.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/vector/level.h"

namespace difflm::DIFFLM_LEVEL {

// loss = log sum exp(logits) - logits[target] per row of [rows,columns]; `log_sums` [rows] is kept for the backward pass.
void softmax_loss(const float* logits, int64_t rows, int64_t columns, const int64_t* targets, float* loss, float* log_sums);

// d_logits = slope * (softmax(logits) - one at the target), slope [rows]; sums [columns] gains the column sums.
void softmax_loss_backward(const float* logits, int64_t rows, int64_t columns, const int64_t* targets, const float* log_sums,
                           const float* slope, Bfloat16* d_logits, float* sums);

// softmax(factor * logits) per row; overwrites `logits`.
void softmax_rows(float* logits, int64_t rows, int64_t columns, float factor, Bfloat16* result);

// The index of each row's largest logit, the first of equals, and its probability under softmax(factor * logits), factor > 0. A row
// that is not finite may give any index.
void softmax_best(const float* logits, int64_t rows, int64_t columns, float factor, int64_t* best, float* probability);

}  // namespace difflm::DIFFLM_LEVEL
