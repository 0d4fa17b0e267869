// Rotary positions (Su et al. 2021, arXiv 2104.09864): pairs of channels of queries and keys are rotated by an angle that grows
// with the position, so that their product depends on the distance only.
#pragma once

#include <cmath>

#include "difflm/nn/position.h"

namespace difflm {

class RotaryPosition : public Position {
 public:
  struct Options {
    double base = 10000;
    void describe(OptionVisitor& visitor) {
      visitor.field("base", base, "the slowest channel turns once in 2 pi base positions", {2, 1e9});
    }
  };

  RotaryPosition(const Options& options, const PositionShape& shape) {
    const int64_t half = shape.width / shape.heads / 2;
    const Tensor frequencies =
        torch::exp(torch::arange(half, torch::kFloat32) * (-std::log(options.base) / static_cast<double>(half)));
    const Tensor angles = torch::arange(shape.max_length, torch::kFloat32).unsqueeze(1) * frequencies;
    cosine_ = register_buffer("cosine", torch::cos(angles));
    sine_ = register_buffer("sine", torch::sin(angles));
  }

  Rotation rotation(int64_t length) override { return {cosine_.narrow(0, 0, length), sine_.narrow(0, 0, length)}; }

 private:
  Tensor cosine_;  // [max_length, head size / 2]
  Tensor sine_;    // [max_length, head size / 2]
};

}  // namespace difflm
