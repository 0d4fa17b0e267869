#include "difflm/model/embedding_space.h"

#include <cmath>

#include "difflm/model/embedding/learned.h"
#include "difflm/model/embedding/pretrained.h"

namespace difflm {

Tensor NormRule::apply(const Tensor& rows) const {
  if (name == "none") return rows;
  const auto dimension = static_cast<double>(rows.size(1));
  return rows * (scale * std::sqrt(dimension) / rows.norm(2, 1, true).clamp_min(1e-8));
}

const std::vector<std::string>& NormRule::names() {
  static const std::vector<std::string> list = {"none", "unit"};
  return list;
}

const EmbeddingFamily& embedding_spaces() {
  using F = EmbeddingFamily;
  static const F family(
      "model.embedding", "the embedding space the diffusion lives in",
      {
          variant<F, LearnedEmbedding>("learned", "a table learned with the diffusion (Diffusion-LM)"),
          variant<F, RandomEmbedding>("random", "a random table that stays as it is"),
          variant<F, PretrainedEmbedding>("pretrained", "rows of a pre-trained table: frozen, trained further or projected"),
      });
  return family;
}

}  // namespace difflm
