// What is done to a matrix product as it is computed, block by block, in cache: bias, activation, residual sum, rounding.
#pragma once

#include <cstdint>

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/dropout.h"

namespace difflm {

// Result arrays are dense [rows, columns], like the product. `product` below is left . right + bias.
struct Epilogue {
  enum class Kind : uint8_t {
    round,          // result = product, in bfloat16
    keep,           // total = product, in float32
    add,            // total += dropped(product)
    gelu,           // result = product, activated = gelu(product)
    gelu_backward,  // result = product * gelu'(before), activated = gelu(before), column_sums += result
  };

  Kind kind = Kind::round;
  int64_t columns = 0;
  const float* bias = nullptr;  // [columns] or null
  Bfloat16* result = nullptr;
  Bfloat16* activated = nullptr;
  const Bfloat16* before = nullptr;
  float* total = nullptr;
  Dropout dropout = {};  // of `add`
  int64_t place = 0;     // of the first value, for the dropout's mask
};

}  // namespace difflm
