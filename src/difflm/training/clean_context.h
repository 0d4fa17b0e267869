// Clean context: some tokens of a training sequence are given, clean and flagged, so that a model learns to use given tokens.
#pragma once

#include <vector>

#include "difflm/core/random.h"
#include "difflm/nn/torch.h"

namespace difflm {

// [rows,length] float32, 1 where a token is given: in the share `sequences` of the rows a random part of the tokens, in the
// others none.
inline Tensor draw_given(int64_t rows, int64_t length, double sequences, RandomStream& random) {
  Tensor given = torch::zeros({rows, length});
  if (sequences == 0) return given;
  auto access = given.accessor<float, 2>();
  for (int64_t row = 0; row < rows; ++row) {
    if (random.uniform() >= sequences) continue;
    const double share = random.uniform();
    for (int64_t at = 0; at < length; ++at) access[row][at] = random.uniform() < share ? 1.0F : 0.0F;
  }
  return given;
}

// Noise levels from here on, where a token's own latent carries little information about it.
constexpr double kHidden = 0.7;

// In the share `sequences` of the rows that have given tokens the others are hidden: their level is drawn again, from kHidden to 1.
// Which words exclude one another ("tea and cakes", not "tea and coffee") is hardly learned at levels where the latent of a token
// still shows which token it is. A masked language model (Devlin et al. 2018) learns nothing else.
inline void hide_rest(const Tensor& given, double sequences, std::vector<double>& u, RandomStream& random) {
  if (sequences == 0) return;
  const Tensor count = given.sum(1).contiguous();
  for (int64_t row = 0; row < given.size(0); ++row) {
    if (count.data_ptr<float>()[row] == 0 || random.uniform() >= sequences) continue;
    u[static_cast<size_t>(row)] = kHidden + (1 - kHidden) * (1 - random.uniform());
  }
}

}  // namespace difflm
