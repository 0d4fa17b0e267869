// An upper bound on the nats of held-out text under a model whose noise puts other words in the place of words (uniform, mixed):
// the discrete variational bound (Austin et al. 2021, D3PM, arXiv 2107.03006).
//
// A word w at the level t is z = w with probability a_t, else drawn from pi: each of the V words with the share random / V, hidden
// with the rest. The forward process from s to t keeps what stands with probability r = a_t / a_s, else draws from pi. Then
//
//   q(x_s = j | z, w) = [r d(j,z) + (1 - r) pi(z)] [a_s d(j,w) + (1 - a_s) pi(j)] / [a_t d(z,w) + (1 - a_t) pi(z)]
//   p(x_s = j | z)    = sum over w of p(w) q(x_s = j | z, w),   with the words p(w) that the network believes in
//
//   -log p(w) <= KL(q(x_1 | w) || pi) + sum over steps of E KL(q(x_s | z, w) || p(x_s | z))
//
// of which the last step, to the clean text, is -log p(w). Each word by itself, given the whole noisy text.
#pragma once

#include <functional>
#include <vector>

#include "difflm/evaluation/model/likelihood_bound.h"

namespace difflm {

// The log-probabilities [B,T,V] of the words of texts that look like `words` [B,T] int64, -1 where hidden, at the level u.
using BelievedWords = std::function<Tensor(const Tensor& words, double u)>;

// `random` is Replacement::random, above 0; `times` a sampler's, descending. All tokens count, PAD too where the model has to write
// it.
LikelihoodBound replacement_bound(const BelievedWords& believed, const NoiseProcess& process, int64_t vocabulary,
                                  const std::vector<double>& times, const std::vector<Batch>& batches, uint64_t seed);

LikelihoodBound replacement_bound(DiffusionModel& model, int64_t steps, const std::vector<Batch>& batches, uint64_t seed);

}  // namespace difflm
