// Fixed sines and cosines of the absolute position (Vaswani et al. 2017).
#pragma once

#include "difflm/nn/position.h"
#include "difflm/nn/time_embedding.h"

namespace difflm {

class SinusoidalPosition : public Position {
 public:
  using Options = NoOptions;

  SinusoidalPosition(const Options&, const PositionShape& shape) {
    table_ = register_buffer("table", sinusoidal_embedding(torch::arange(shape.max_length), shape.width));
  }

  Tensor added(int64_t length) override { return table_.narrow(0, 0, length); }

 private:
  Tensor table_;  // [max_length, H]
};

}  // namespace difflm
