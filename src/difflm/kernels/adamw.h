// AdamW, weight decay and the moving average of the weights in one pass over memory.
//
// As separate tensor operations the update reads and writes each of five arrays several times; with a small batch that is a fifth
// of a training step. The formulas are those of training/optimizer.cpp, which tests compare with torch's own AdamW.
#pragma once

#include <cstdint>

namespace difflm {

struct AdamWStep {
  float gradient_scale;  // from clipping
  float decay;           // 1 - learning rate * weight decay
  float beta1;
  float beta2;
  float rate;          // learning rate / (1 - beta1^t)
  float second_scale;  // 1 / sqrt(1 - beta2^t)
  float epsilon;
  float average_weight;  // the average moves this fraction of the way to the new value
};

// Arrays of `count` values each; `gradients` is only read. Runs on all threads.
void adamw_update(const AdamWStep& step, const float* gradients, float* values, float* first, float* second, float* average,
                  int64_t count);

}  // namespace difflm
