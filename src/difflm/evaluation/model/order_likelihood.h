// The exact nats of held-out text under a masked model that reveals one word at a time in an order that is a function of what
// has been revealed: then there is one way to write a text, and its log-probability is a sum of T terms (DUEL, 2026, arXiv
// 2603.01367). The nats of an autoregressive
// model are of the order from left to right, with the ends of texts counted; here lengths are given.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "difflm/evaluation/model/likelihood_bound.h"

namespace difflm {

// The log-probabilities [N,V] of a model that sees only the `tokens` [B,T] with `given` [B,T] float32 of 1, at the N places of
// `asked` [B,T] bool, row by row.
using MaskedBelief = std::function<Tensor(const Tensor& tokens, const Tensor& given, const Tensor& asked)>;

// Orders that do not look at the words still hidden.
const std::vector<std::string>& likelihood_orders();  // left-to-right, least-entropy

struct ExactLikelihood {
  double nats = 0;   // per token
  double error = 0;  // its standard error over sequences
  int64_t tokens = 0;
  std::vector<double> of_sequences;  // nats of each
};

// All tokens count, PAD too where the model has to write it. T evaluations per batch.
ExactLikelihood order_likelihood(const MaskedBelief& belief, const std::string& order, const std::vector<Batch>& batches);

ExactLikelihood order_likelihood(DiffusionModel& model, const std::string& order, const std::vector<Batch>& batches);

}  // namespace difflm
