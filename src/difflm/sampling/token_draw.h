// Tokens drawn from probabilities, each row by its own random stream, so that a text is the same in any batch.
#pragma once

#include <algorithm>

#include "difflm/core/random.h"
#include "difflm/nn/torch.h"

namespace difflm {

class TokenDraw {
 public:
  // Probabilities [B,V] on any device and of any type, not necessarily summing to 1. With `top_p` below 1 the least probable tokens
  // that have no more than 1 - top_p together are never drawn (nucleus sampling, Holtzman et al. 2019, arXiv 1904.09751).
  explicit TokenDraw(const Tensor& probabilities, double top_p = 1)
      : probabilities_(nucleus(probabilities.to(torch::kCPU, torch::kFloat64), top_p).contiguous()),
        cumulative_(probabilities_.cumsum(-1).contiguous()) {}

  // By inversion of the cumulative sums, one number of the stream.
  int64_t draw(int64_t row, RandomStream& random) const {
    const double* begin = cumulative_.data_ptr<double>() + row * cumulative_.size(1);
    const double* end = begin + cumulative_.size(1);
    return std::min<int64_t>(std::upper_bound(begin, end, random.uniform() * *(end - 1)) - begin, cumulative_.size(1) - 1);
  }

  double probability(int64_t row, int64_t word) const {
    return probabilities_.data_ptr<double>()[row * probabilities_.size(1) + word];
  }

  // Of each row, in nats: [B] float64.
  Tensor entropies() const {
    const Tensor shares = probabilities_ / probabilities_.sum(-1, true);
    return -(shares * shares.clamp_min(1e-300).log()).sum(-1);
  }

 private:
  static Tensor nucleus(const Tensor& probabilities, double top_p) {
    if (top_p >= 1) return probabilities;
    const auto [falling, order] = probabilities.sort(-1, true);
    const Tensor before = falling.cumsum(-1) - falling;                                              // of the more probable ones
    const Tensor kept = falling * (before < top_p * falling.sum(-1, true)).logical_or(before == 0);  // never none
    return torch::zeros_like(probabilities).scatter(-1, order, kept);
  }

  Tensor probabilities_;
  Tensor cumulative_;
};

}  // namespace difflm
