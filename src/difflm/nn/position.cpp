#include "difflm/nn/position.h"

#include "difflm/nn/position/absolute.h"
#include "difflm/nn/position/both_ends.h"
#include "difflm/nn/position/locality.h"
#include "difflm/nn/position/rotary.h"

namespace difflm {

const PositionFamily& positions() {
  using F = PositionFamily;
  static const F family(
      "model.position", "how the transformer knows where a token stands (a list: their sum)",
      {
          variant<F, AbsolutePosition>("absolute", "a learned vector for each absolute position (BERT, Diffusion-LM)"),
          variant<F, BothEndsPosition>("both-ends", "learned vectors for the distances to the start and to the end"),
          variant<F, RotaryPosition>("rotary", "queries and keys rotated by their position (RoPE)"),
          variant<F, LocalityPosition>("locality", "a fixed attention bias per head: previous, next, decay, free"),
      });
  return family;
}

PositionSum::PositionSum(const std::vector<std::string>& names, const Config& config, PositionShape shape) {
  for (const auto& name : names) {
    std::shared_ptr<Position> part = positions().make(name, config, shape);
    std::string child = name;
    for (char& c : child) {
      if (c == '-') c = '_';
    }
    parts_.push_back(register_module(child, part));
  }
}

Tensor PositionSum::add_to(const Tensor& hidden) {
  // Under autocast a projection gives bfloat16, but the residual stream and the norms on it are float32.
  Tensor result = hidden.scalar_type() == torch::kBFloat16 ? hidden.to(torch::kFloat32) : hidden;
  for (const auto& part : parts_) {
    const Tensor added = part->added(hidden.size(1));
    if (added.defined()) result = result + added;
  }
  return result;
}

Tensor PositionSum::bias(int64_t length) {
  Tensor result;
  for (const auto& part : parts_) {
    const Tensor bias = part->bias(length);
    if (bias.defined()) result = result.defined() ? result + bias : bias;
  }
  return result;
}

std::vector<Rotation> PositionSum::rotations(int64_t length) {
  std::vector<Rotation> result;
  for (const auto& part : parts_) {
    const Rotation rotation = part->rotation(length);
    if (rotation.defined()) result.push_back(rotation);
  }
  return result;
}

Tensor PositionSum::rotated(const Tensor& states) {
  Tensor result = states;
  for (const auto& rotation : rotations(states.size(2))) result = rotate(result, rotation);
  return result;
}

Tensor rotate(const Tensor& states, const Rotation& rotation) {
  const int64_t half = rotation.cosine.size(1);
  const Tensor cosine = rotation.cosine.to(states.dtype());
  const Tensor sine = rotation.sine.to(states.dtype());
  const Tensor first = states.narrow(-1, 0, half);
  const Tensor second = states.narrow(-1, half, half);
  const Tensor rest = states.narrow(-1, 2 * half, states.size(-1) - 2 * half);  // the odd channel of an odd head size
  return torch::cat({first * cosine - second * sine, first * sine + second * cosine, rest}, -1);
}

}  // namespace difflm
