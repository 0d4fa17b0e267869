// A learned vector for each absolute position, N(0,1) at the start as in the reference implementation of Diffusion-LM.
#pragma once

#include "difflm/nn/position.h"

namespace difflm {

class AbsolutePosition : public Position {
 public:
  struct Options {
    double init = 1.0;
    void describe(OptionVisitor& visitor) { visitor.field("init", init, "standard deviation at the start", {0, 10}); }
  };

  AbsolutePosition(const Options& options, const PositionShape& shape) {
    table_ = register_parameter("table", torch::randn({shape.max_length, shape.width}) * options.init);
  }

  Tensor added(int64_t length) override { return table_.narrow(0, 0, length); }

 private:
  Tensor table_;  // [max_length, H]
};

}  // namespace difflm
