// An upper bound on the nats of held-out text under a model whose noise hides words.
//
// Revealing the words one at a time, in a random order, is a way to write a text, and its mean log-probability bounds that of the
// text (Uria et al. 2014; Hoogeboom et al. 2022, arXiv 2110.02037; it is the bound of masked diffusion in continuous time). With k
// of L words hidden, each is the next one equally often, so
//
//   -log p(w) <= sum over k = 1..L of E over sets S of k hidden words of  mean over i in S of  -log p(w_i | words not in S)
//
// The sum is over all k where a text has no more words than `draws`, else over a stratified sample of them; one set for each k.
#pragma once

#include <functional>
#include <vector>

#include "difflm/evaluation/model/likelihood_bound.h"

namespace difflm {

// Nats of `tokens` [B,T] where only those with `given` [B,T] float32 of 1 are known -> [B,T].
using MaskedNats = std::function<Tensor(const Tensor& tokens, const Tensor& given)>;

// What a masked model makes of `tokens` [B,T] of which it sees only the given ones, [B,T] float32: the points of its logits,
// [B,T,D].
Tensor masked_points(DiffusionModel& model, const Tensor& table, const Tensor& tokens, const Tensor& given);

// All tokens count, PAD too where the model has to write it. Of the result, `steps` is `draws`, and `reconstruction` the total.
LikelihoodBound masked_bound(const MaskedNats& nats, int64_t draws, const std::vector<Batch>& batches, uint64_t seed);

LikelihoodBound masked_bound(DiffusionModel& model, int64_t draws, const std::vector<Batch>& batches, uint64_t seed);

}  // namespace difflm
