#include "difflm/model/rounding.h"

#include "difflm/model/rounding/cosine.h"
#include "difflm/model/rounding/nearest.h"
#include "difflm/model/rounding/softmax.h"

namespace difflm {

const RoundingFamily& roundings() {
  using F = RoundingFamily;
  static const F family(
      "model.rounding", "how a latent becomes a word",
      {
          variant<F, CosineRounding>("cosine", "the word with the most similar direction (the hobby baseline)"),
          variant<F, NearestRounding>("nearest", "the word at the least distance"),
          variant<F, SoftmaxRounding>("softmax", "learned: inner product with the embedding, plus a bias (Diffusion-LM)"),
          variant<F, UntiedSoftmaxRounding>("softmax-untied", "learned: a linear layer of its own"),
      });
  return family;
}

Tensor nearness(const Tensor& points, const Tensor& table) { return 2 * torch::matmul(points, table.t()) - table.square().sum(1); }

Tensor nearest_tokens(const Tensor& points, const Tensor& table) { return nearness(points, table).argmax(-1); }

}  // namespace difflm
