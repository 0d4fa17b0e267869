// A fixed attention bias per head that gives a small denoiser its neighbours (in the manner of ALiBi, Press et al. 2022,
// arXiv 2108.12409). Heads come in groups of four: previous token, next token, mild decay with distance, no bias; with a
// `reach` of 2 the next four look at the second token before, the second after, and twice anywhere, and so on.
//
// Without it the cross-entropy at medium noise stays at what a token reveals about itself; see docs/diffusion.md.
#pragma once

#include "difflm/nn/position.h"

namespace difflm {

class LocalityPosition : public Position {
 public:
  struct Options {
    double strength = 4;
    double decay = 0.25;
    int64_t reach = 1;
    void describe(OptionVisitor& visitor) {
      visitor.field("strength", strength, "bonus of the favoured neighbour in a neighbour head (scores before the softmax)",
                    {0, 100});
      visitor.field("decay", decay, "penalty per position of distance in a decay head", {0, 100});
      visitor.field("reach", reach, "distance of the farthest neighbour that has its own heads, four heads for each distance",
                    {1, 64});
    }
  };

  LocalityPosition(const Options& options, const PositionShape& shape) {
    const Tensor at = torch::arange(shape.max_length, torch::kFloat32);
    const Tensor offset = at.unsqueeze(0) - at.unsqueeze(1);  // [T,T], key position minus query position
    std::vector<Tensor> kinds;
    for (int64_t far = 1; far <= options.reach; ++far) {
      for (const int64_t neighbour : {-far, far}) {
        kinds.push_back(-options.decay * (offset - neighbour).abs() + options.strength * (offset == neighbour).to(torch::kFloat32));
      }
      kinds.push_back(far == 1 ? -options.decay * offset.abs() : torch::zeros_like(offset));
      kinds.push_back(torch::zeros_like(offset));
    }
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
