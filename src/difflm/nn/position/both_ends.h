// Learned vectors for the distance to the start and for the distance to the end.
//
// In `bucket` packing the length of a text is known from the first step. With the distance to the end the model can plan a
// sentence that closes where the sequence does; no END token is needed.
#pragma once

#include "difflm/nn/position.h"

namespace difflm {

class BothEndsPosition : public Position {
 public:
  struct Options {
    double init = 0.2;
    void describe(OptionVisitor& visitor) { visitor.field("init", init, "standard deviation at the start", {0, 10}); }
  };

  BothEndsPosition(const Options& options, const PositionShape& shape) {
    from_start_ = register_parameter("from_start", torch::randn({shape.max_length, shape.width}) * options.init);
    from_end_ = register_parameter("from_end", torch::randn({shape.max_length, shape.width}) * options.init);
  }

  Tensor added(int64_t length) override { return from_start_.narrow(0, 0, length) + from_end_.narrow(0, 0, length).flip(0); }

 private:
  Tensor from_start_;  // [max_length, H]
  Tensor from_end_;    // [max_length, H]
};

}  // namespace difflm
