#include "difflm/steering/word_automaton.h"

#include <algorithm>

namespace difflm {
namespace {

constexpr double kTiny = 1e-300;  // keeps logarithms finite where a phrase has become impossible

}  // namespace

WordAutomaton::WordAutomaton(const std::vector<std::vector<WordClass>>& phrases) {
  const auto class_of = [&](const WordClass& word) {
    const auto known = std::find(classes_.begin(), classes_.end(), word) - classes_.begin();
    if (static_cast<size_t>(known) == classes_.size()) classes_.push_back(word);
    return static_cast<int64_t>(known);
  };
  std::vector<std::vector<int64_t>> numbered;
  for (const auto& phrase : phrases) {
    numbered.emplace_back();
    for (const auto& word : phrase) numbered.back().push_back(class_of(word));
  }
  const auto symbols = static_cast<int64_t>(classes_.size()) + 1;
  int64_t first = 0;  // state in which nothing of the current phrase has been seen
  for (const auto& phrase : numbered) {
    const auto length = static_cast<int64_t>(phrase.size());
    int64_t fallback = 0;  // words of the phrase that remain matched once a word has not fitted
    for (int64_t seen = 0; seen < length; ++seen) {
      std::vector<int64_t> row(static_cast<size_t>(symbols), first);
      if (seen > 0) row = next_[static_cast<size_t>(first + fallback)];
      const auto fitting = static_cast<size_t>(phrase[static_cast<size_t>(seen)]);
      if (seen > 0) fallback = row[fitting] - first;
      row[fitting] = first + seen + 1;
      next_.push_back(std::move(row));
    }
    first += length;
  }
  next_.emplace_back(static_cast<size_t>(symbols), first);  // all seen, for good
}

Tensor WordAutomaton::state_probabilities(const Tensor& probabilities, double sharpness) const {
  const auto states = static_cast<int64_t>(next_.size());
  const auto symbols = static_cast<int64_t>(classes_.size()) + 1;
  Tensor moves = torch::zeros({symbols, states, states}, torch::kFloat64);
  auto access = moves.accessor<double, 3>();
  for (int64_t state = 0; state < states; ++state) {
    for (int64_t symbol = 0; symbol < symbols; ++symbol)
      access[symbol][state][next_[static_cast<size_t>(state)][static_cast<size_t>(symbol)]] = 1;
  }
  moves = moves.to(probabilities.device());
  std::vector<Tensor> shares;  // of each class at each position, [B,T] float64
  Tensor rest = probabilities.sum(-1).to(torch::kFloat64);
  for (const auto& word : classes_) {
    const Tensor ids = torch::tensor(std::vector<int64_t>(word.begin(), word.end()), torch::kInt64).to(probabilities.device());
    shares.push_back(probabilities.index_select(-1, ids).sum(-1).to(torch::kFloat64).clamp_min(1e-30).pow(sharpness));
    rest = rest - shares.back();
  }
  shares.push_back(rest.clamp_min(0));
  const Tensor share = torch::stack(shares, -1);                                                // [B,T,C+1]
  const Tensor steps = torch::matmul(share, moves.flatten(1)).unflatten(-1, {states, states});  // [B,T,S,S]
  Tensor state = torch::zeros({probabilities.size(0), 1, states}, probabilities.options().dtype(torch::kFloat64));
  state.select(2, 0).fill_(1);
  for (int64_t at = 0; at < probabilities.size(1); ++at) state = torch::matmul(state, steps.select(1, at));
  return state.squeeze(1);
}

Tensor WordAutomaton::log_contains(const Tensor& probabilities, double sharpness) const {
  return (state_probabilities(probabilities, sharpness).select(1, -1) + kTiny).log() / sharpness;
}

Tensor WordAutomaton::log_lacks(const Tensor& probabilities) const {
  const Tensor states = state_probabilities(probabilities, 1);
  return (states.narrow(1, 0, states.size(1) - 1).sum(1) + kTiny).log();
}

bool WordAutomaton::contains(std::span<const Token> tokens) const {
  size_t state = 0;
  for (const Token token : tokens) {
    size_t symbol = 0;
    while (symbol < classes_.size() && std::find(classes_[symbol].begin(), classes_[symbol].end(), token) == classes_[symbol].end())
      ++symbol;
    state = static_cast<size_t>(next_[state][symbol]);
  }
  return state + 1 == next_.size();
}

}  // namespace difflm
