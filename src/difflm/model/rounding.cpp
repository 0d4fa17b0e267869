#include "difflm/model/rounding.h"

#include "difflm/model/rounding/cosine.h"
#include "difflm/model/rounding/nearest.h"
#include "difflm/model/rounding/softmax.h"

namespace difflm {

const RoundingFamily& roundings() {
  using F = RoundingFamily;
  static const F family(
      "model.rounding", "how a latent becomes a token",
      {
          variant<F, CosineRounding>("cosine", "the token with the most similar direction (the hobby baseline)"),
          variant<F, NearestRounding>("nearest", "the token at the least distance"),
          variant<F, SoftmaxRounding>("softmax", "learned: inner product with the embedding, plus a bias (Diffusion-LM)"),
          variant<F, UntiedSoftmaxRounding>("softmax-untied", "learned: a separate linear layer"),
      });
  return family;
}

void Rounding::rule_out(const std::vector<int64_t>& tokens, const Tensor& table) {
  constexpr double kRuledOut = 1e4;  // nats; finite, so that no sum of logits is undefined
  const torch::NoGradGuard no_grad;
  penalty_ = Tensor();
  if (!tokens.empty()) {
    const Tensor index = torch::tensor(tokens, torch::kInt64).to(table.device());
    penalty_ = torch::zeros({table.size(0)}, torch::TensorOptions().device(table.device())).index_fill(0, index, -kRuledOut);
  }
  penalty_changed();
}

Tensor Rounding::cross_entropy(const Tensor& points, const Tensor& table, const Tensor& tokens) {
  const Tensor scores = logits(points, table);
  return torch::cross_entropy_loss(scores.flatten(0, -2), tokens.flatten(), {}, at::Reduction::None).view_as(tokens);
}

Tensor Rounding::expectation(const Tensor& points, const Tensor& table, double temperature) {
  return mean(torch::softmax(logits(points, table) / temperature, -1), table);
}

Rounding::Rounded Rounding::round(const Tensor& points, const Tensor& table) {
  const torch::NoGradGuard no_grad;
  const auto [probability, tokens] = torch::softmax(logits(points, table), -1).max(-1);
  return {tokens, probability};
}

}  // namespace difflm
