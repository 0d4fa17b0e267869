// A term that pushes words apart: the logarithm of the mean of exp(-2 d^2) over pairs of a batch's words, d the distance of their
// rows in mean norms of a row (the uniformity loss of Wang and Isola 2020, arXiv 2005.10242, which asks for rows of norm 1;
// measured in norms, it cannot be won by growing). 0 where all rows are one.
#pragma once

#include "difflm/training/loss_term.h"

namespace difflm {

class SeparationTerm : public LossTerm {
 public:
  using Options = LossWeight;
  explicit SeparationTerm(const Options& options) : LossTerm(options) {}

  // The same number for every sequence: it is of the batch's words, each counted once.
  Tensor per_sequence(const DiffusedBatch& batch, DiffusionModel&) const override {
    const Tensor words = std::get<0>(torch::_unique(batch.tokens));  // [W]
    const int64_t count = words.size(0);
    if (count < 2) return batch.table.sum() * torch::zeros({batch.tokens.size(0)}, batch.table.options());
    const Tensor rows = batch.table.index_select(0, words);  // [W,D]
    const Tensor unit = rows / rows.norm(2, -1).mean().clamp_min(1e-12);
    const Tensor norms = unit.square().sum(-1);
    const Tensor squares = norms.unsqueeze(0) + norms.unsqueeze(1) - 2 * unit.matmul(unit.t());  // [W,W]
    const Tensor others = torch::ones_like(squares).fill_diagonal_(0);
    const Tensor mean = ((-2 * squares).exp() * others).sum() / static_cast<double>(count * (count - 1));
    return mean.log().expand({batch.tokens.size(0)});
  }
};

}  // namespace difflm
