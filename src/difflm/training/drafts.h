// Drafts: words that the model has written itself stand in some of the noised places, so that it learns to mend its own mistakes
// (as in Self-Conditioned and self-correcting masked models: Zhao et al. 2026, ProSeCo, arXiv 2602.11590). They come from the
// estimate that self-conditioning has made already, so they cost next to nothing.
#pragma once

#include "difflm/model/diffusion_model.h"
#include "difflm/nn/random_tensor.h"

namespace difflm {

// Puts words drawn from the estimate at `point` [N,T,D], which is of the first N sequences, into a random part of the places of
// `input` that are not given, flagged as drafts. The part differs from sequence to sequence.
inline void place_drafts(DiffusionModel& model, DenoiseInput& input, const Tensor& point, const Tensor& table, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  const int64_t rows = point.size(0);
  const Tensor share = uniform_tensor({rows, 1}, seed, point.device());
  const Tensor chance = uniform_tensor({rows, point.size(1)}, stream_seed(seed, "places"), point.device());
  const Tensor placed = (chance < share).logical_and(input.given.narrow(0, 0, rows) == 0);                          // [N,T]
  const Tensor cumulative = model.logits(point.index({placed}), table).softmax(-1).to(torch::kFloat64).cumsum(-1);  // [M,V]
  const Tensor at = uniform_tensor({cumulative.size(0), 1}, stream_seed(seed, "words"), point.device());
  const Tensor words = (cumulative <= at * cumulative.narrow(1, -1, 1)).sum(-1).clamp_max(table.size(0) - 1);  // [M]
  const Tensor others = input.given.narrow(0, rows, input.given.size(0) - rows);
  const Tensor all = torch::cat({placed, torch::zeros_like(others, torch::kBool)});  // [B,T]
  input.x_t = input.x_t.masked_scatter(all.unsqueeze(-1), DiffusionModel::embed(words, table));
  input.given = input.given.masked_fill(all, kDraft);
}

}  // namespace difflm
