// Tokens drawn from probabilities, each row by its own random stream, so that a text is the same in any batch.
#pragma once

#include <cmath>

#include "difflm/core/random.h"
#include "difflm/nn/torch.h"

namespace difflm {

class TokenDraw {
  // What `read` makes of the probabilities of a row.
  auto visit(int64_t row, const auto& read) const {
    const int64_t count = probabilities_.size(1);
    if (probabilities_.scalar_type() == torch::kFloat64) return read(probabilities_.data_ptr<double>() + row * count, count);
    return read(probabilities_.data_ptr<float>() + row * count, count);
  }

 public:
  // Probabilities [B,V] on any device and of any type, not necessarily summing to 1. With `top_p` below 1 the least probable tokens
  // that have no more than 1 - top_p together are never drawn (nucleus sampling, Holtzman et al. 2019, arXiv 1904.09751).
  explicit TokenDraw(const Tensor& probabilities, double top_p = 1)
      : probabilities_(nucleus(on_cpu(probabilities), top_p).contiguous()) {}

  // By inversion of the cumulative sums, in double precision; one number of the stream.
  int64_t draw(int64_t row, RandomStream& random) const {
    return visit(row, [&](const auto* first, int64_t count) {
      double sum = 0;
      for (int64_t at = 0; at < count; ++at) sum += static_cast<double>(first[at]);
      double rest = random.uniform() * sum;
      int64_t last = 0;  // where rounding leaves a rest: the last one that is possible
      for (int64_t at = 0; at < count; ++at) {
        if (first[at] > 0) last = at;
        rest -= static_cast<double>(first[at]);
        if (rest < 0) return at;
      }
      return last;
    });
  }

  double probability(int64_t row, int64_t word) const {
    return visit(row, [&](const auto* first, int64_t) { return static_cast<double>(first[word]); });
  }

  // Of a row, in nats.
  double entropy(int64_t row) const {
    return visit(row, [&](const auto* first, int64_t count) {
      double sum = 0;
      double weighted = 0;
      for (int64_t at = 0; at < count; ++at) {
        const auto share = static_cast<double>(first[at]);
        if (share <= 0) continue;
        sum += share;
        weighted += share * std::log(share);
      }
      return std::log(sum) - weighted / sum;
    });
  }

 private:
  static Tensor on_cpu(const Tensor& probabilities) {
    const bool is_double = probabilities.scalar_type() == torch::kFloat64;
    return probabilities.to(torch::kCPU, is_double ? torch::kFloat64 : torch::kFloat32);
  }

  static Tensor nucleus(const Tensor& probabilities, double top_p) {
    if (top_p >= 1) return probabilities;
    const auto [falling, order] = probabilities.to(torch::kFloat64).sort(-1, true);
    const Tensor before = falling.cumsum(-1) - falling;                                              // of the more probable ones
    const Tensor kept = falling * (before < top_p * falling.sum(-1, true)).logical_or(before == 0);  // never none
    return torch::zeros_like(falling).scatter(-1, order, kept);
  }

  Tensor probabilities_;  // float32 or float64
};

}  // namespace difflm
