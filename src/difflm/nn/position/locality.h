// A fixed attention bias per head that gives a small denoiser its neighbours (in the manner of ALiBi, Press et al. 2022,
// arXiv 2108.12409). Heads go round: previous token, next token, mild decay with distance, no bias.
//
// Without it the cross-entropy at middle noise stays at what a token tells of itself; docs/diffusion.md has the story.
#pragma once

#include "difflm/nn/position.h"

namespace difflm {

class LocalityPosition : public Position {
 public:
  struct Options {
    double strength = 4;
    double decay = 0.25;
    void describe(OptionVisitor& visitor) {
      visitor.field("strength", strength, "bonus of the favoured neighbour in a neighbour head (scores before the softmax)",
                    {0, 100});
      visitor.field("decay", decay, "penalty per position of distance in a decay head", {0, 100});
    }
  };

  LocalityPosition(const Options& options, const PositionShape& shape) {
    const Tensor at = torch::arange(shape.max_length, torch::kFloat32);
    const Tensor offset = at.unsqueeze(0) - at.unsqueeze(1);  // [T,T], key position minus query position
    const std::vector<Tensor> kinds = {-options.decay * (offset + 1).abs() + options.strength * (offset == -1).to(torch::kFloat32),
                                       -options.decay * (offset - 1).abs() + options.strength * (offset == 1).to(torch::kFloat32),
                                       -options.decay * offset.abs(), torch::zeros_like(offset)};
    std::vector<Tensor> heads;
    for (int64_t head = 0; head < shape.heads; ++head) heads.push_back(kinds[static_cast<size_t>(head) % kinds.size()]);
    table_ = torch::stack(heads);
  }

  // Not a buffer: it is a function of the options, so checkpoints need not carry it.
  Tensor bias(int64_t length) override { return table_.narrow(1, 0, length).narrow(2, 0, length); }

 private:
  Tensor table_;  // [heads, max_length, max_length]
};

}  // namespace difflm
