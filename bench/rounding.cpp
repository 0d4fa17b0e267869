// Rounding alone, at a small and a large vocabulary: cross-entropy forward and backward, the mean embedding
// x0 = softmax(logits) . E, and the nearest token. The eager ways hold all logits, [B,T,V], at once.
#include <fmt/format.h>

#include <memory>

#include "bench.h"
#include "comparison.h"
#include "difflm/core/config.h"
#include "difflm/model/rounding.h"
#include "difflm/nn/autocast.h"
#include "way.h"

namespace difflm::bench {
namespace {

constexpr int64_t kRows = 64;
constexpr int64_t kLength = 64;
constexpr int64_t kDimension = 128;

class Head {
 public:
  Head(const Way& way, int64_t vocabulary) : way_(way) {
    torch::manual_seed(1);  // the same in all ways
    rounding_ = roundings().make("softmax", Config(), RoundingShape{vocabulary, kDimension});
    use_way(way, rounding_);
    nearest_ = roundings().make("nearest", Config(), RoundingShape{vocabulary, kDimension});
    use_way(way, nearest_);
    points_ = torch::randn({kRows, kLength, kDimension}).set_requires_grad(true);
    table_ = (0.25 * torch::randn({vocabulary, kDimension})).set_requires_grad(true);
    tokens_ = torch::randint(vocabulary, {kRows, kLength}, torch::kInt64);
    near_ = torch::embedding(table_.detach(), tokens_) + 0.1 * torch::randn({kRows, kLength, kDimension});
  }

  // The gradient of the points.
  Tensor cross_entropy() {
    const Autocast scope(way_.autocast, torch::kCPU);
    points_.mutable_grad() = table_.mutable_grad() = Tensor();
    rounding_->zero_grad();
    mark_changed({table_});  // as after an update
    rounding_->cross_entropy(points_, table_, tokens_).mean().backward();
    return points_.grad();
  }

  Tensor mean_embedding() {
    const Autocast scope(way_.autocast, torch::kCPU);
    const torch::NoGradGuard no_grad;
    return rounding_->expectation(points_, table_, 1);
  }

  // What clamping asks for at every step: the embedding of the token nearest to each point.
  Tensor nearest_word() {
    const Autocast scope(way_.autocast, torch::kCPU);
    const torch::NoGradGuard no_grad;
    const Tensor words = way_.kernels ? nearest_->round(near_, table_).tokens : nearest_->logits(near_, table_).argmax(-1);
    return torch::embedding(table_, words);
  }

 private:
  Way way_;
  std::shared_ptr<Rounding> rounding_;
  std::shared_ptr<Rounding> nearest_;
  Tensor near_;    // [B,T,D], embeddings of tokens with some noise
  Tensor points_;  // [B,T,D]
  Tensor table_;   // [V,D]
  Tensor tokens_;  // [B,T] int64
};

}  // namespace

void bench_rounding(Report& report, const Effort& effort) {
  for (const int64_t vocabulary : {800, 32000}) {
    const auto place = [&](const std::string& what) {
      return fmt::format("{}, {} words, {} x {}", what, vocabulary, kRows, kLength);
    };
    const double logits = 2.0 * static_cast<double>(kRows * kLength * vocabulary * kDimension);
    Comparison cross_entropy("softmax rounding", place("cross-entropy"));
    Comparison nearest_word("softmax rounding", place("nearest word"));
    Comparison mean_embedding("softmax rounding", place("mean embedding"));
    for (const Way& way : ways()) {
      const auto head = std::make_shared<Head>(way, vocabulary);
      cross_entropy.add(way.name, [head] { return head->cross_entropy(); });
      nearest_word.add(way.name, [head] { return head->nearest_word(); });
      mean_embedding.add(way.name, [head] { return head->mean_embedding(); });
    }
    cross_entropy.set_operations(3 * logits);
    mean_embedding.set_operations(2 * logits);
    cross_entropy.run(report, effort);
    mean_embedding.run(report, effort);
    nearest_word.set_operations(logits);
    nearest_word.run(report, effort);
  }
}

}  // namespace difflm::bench
