// How many sequences, positions and heads attention runs over.
#pragma once

#include <cstdint>

namespace difflm {

struct AttentionShape {
  int64_t batch = 0;
  int64_t length = 0;
  int64_t heads = 0;
  int64_t head_size = 0;
  int64_t width() const { return heads * head_size; }
};

}  // namespace difflm
