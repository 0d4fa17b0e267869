// Positions: how a transformer learns where a token is. A family; a model uses the sum of any of them.
//
// A small denoiser needs some notion of *locality*, or it never starts to use context: at low noise a token is known from
// itself, at high noise its neighbours are noise too, so with absolute positions alone nothing draws attention to neighbours.
#pragma once

#include <memory>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/nn/torch.h"

namespace difflm {

struct PositionShape {
  int64_t width = 0;       // of the hidden state
  int64_t heads = 0;       // attention heads
  int64_t max_length = 0;  // longest sequence
};

// Pairs of channels (i, half + i) of a head are rotated by the angle whose cosine and sine are here, [T,half]; channels from 2 half
// on are unchanged.
struct Rotation {
  Tensor cosine;
  Tensor sine;
  bool defined() const { return cosine.defined(); }
};

// States [B,heads,T,H/heads] rotated.
Tensor rotate(const Tensor& states, const Rotation& rotation);

// Each of the three hooks is a no-op unless the variant overrides it.
class Position : public torch::nn::Module {
 public:
  // What is added to the input of the first block: hidden [B,T,H] -> [T,H], or undefined.
  virtual Tensor added(int64_t /*length*/) { return {}; }

  // What is added to the attention scores before the softmax: [heads,T,T], or undefined.
  virtual Tensor bias(int64_t /*length*/) { return {}; }

  // How queries and keys are rotated by their position, or undefined.
  virtual Rotation rotation(int64_t /*length*/) { return {}; }
};

using PositionFamily = Family<Position, PositionShape>;
const PositionFamily& positions();  // model.position

// The sum of several positions, as one.
class PositionSum : public torch::nn::Module {
 public:
  PositionSum(const std::vector<std::string>& names, const Config& config, PositionShape shape);
  Tensor add_to(const Tensor& hidden);   // [B,T,H] -> [B,T,H]
  Tensor bias(int64_t length);           // [heads,T,T] or undefined
  Tensor rotated(const Tensor& states);  // [B,heads,T,H/heads]
  std::vector<Rotation> rotations(int64_t length);

 private:
  std::vector<std::shared_ptr<Position>> parts_;
};

}  // namespace difflm
