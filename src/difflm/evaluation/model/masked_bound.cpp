#include "difflm/evaluation/model/masked_bound.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace difflm {
namespace {

// [B,T] float32: in each row all but `hidden` tokens, at random, are given.
Tensor draw_given(int64_t rows, int64_t length, int64_t hidden, RandomStream& random) {
  Tensor given = torch::ones({rows, length});
  std::vector<int64_t> places(static_cast<size_t>(length));
  for (int64_t row = 0; row < rows; ++row) {
    std::iota(places.begin(), places.end(), 0);
    for (int64_t i = 0; i < hidden; ++i) {
      const auto other = i + static_cast<int64_t>(random.uniform() * static_cast<double>(length - i));
      std::swap(places[static_cast<size_t>(i)], places[static_cast<size_t>(other)]);
      given[row][places[static_cast<size_t>(i)]] = 0;
    }
  }
  return given;
}

}  // namespace

LikelihoodBound masked_bound(const MaskedNats& nats, int64_t draws, const std::vector<Batch>& batches, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  LikelihoodBound bound;
  bound.steps = draws;
  std::vector<double> totals;   // of each sequence
  std::vector<double> lengths;  // tokens
  for (size_t index = 0; index < batches.size(); ++index) {
    const Tensor& tokens = batches[index].tokens;
    const int64_t rows = tokens.size(0);
    const int64_t length = tokens.size(1);
    const int64_t count = std::min(draws, length);
    RandomStream random(seed, "masked bound", index);
    const double offset = random.uniform();
    Tensor sum = torch::zeros({rows}, torch::kFloat64);
    for (int64_t draw = 0; draw < count; ++draw) {
      const auto share = (static_cast<double>(draw) + offset) / static_cast<double>(count);
      const auto hidden = std::min(length, 1 + static_cast<int64_t>(share * static_cast<double>(length)));
      const Tensor given = draw_given(rows, length, hidden, random);
      const Tensor missed = nats(tokens, given.to(tokens.device())).to(torch::kCPU, torch::kFloat64) * (1 - given);
      sum += missed.sum(1) * (static_cast<double>(length) / static_cast<double>(hidden * count));
    }
    bound.total += sum.sum().item<double>();
    bound.tokens += tokens.numel();
    for (int64_t row = 0; row < rows; ++row) {
      totals.push_back(sum[row].item<double>());
      lengths.push_back(static_cast<double>(length));
    }
  }
  const auto tokens = static_cast<double>(bound.tokens);
  bound.total /= tokens;
  bound.reconstruction = bound.total;
  bound.error = ratio_error(totals, lengths, bound.total);
  return bound;
}

Tensor masked_points(DiffusionModel& model, const Tensor& table, const Tensor& tokens, const Tensor& given) {
  DenoiseInput input;
  input.given = given.to(table.device());
  input.x_t = DiffusionModel::embed(tokens, table) * input.given.unsqueeze(-1);
  input.u = torch::ones({tokens.size(0)}, torch::TensorOptions().dtype(torch::kFloat64).device(table.device()));
  // Two passes are still a function of the given words alone.
  if (model.self_conditioning()) input.self_condition = model.estimate(input, table).x0;
  return model.estimate(input, table).point;
}

LikelihoodBound masked_bound(DiffusionModel& model, int64_t draws, const std::vector<Batch>& batches, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const Tensor table = model.table();
  const MaskedNats nats = [&](const Tensor& batch, const Tensor& given) {
    const Tensor tokens = batch.to(table.device());
    return model.cross_entropy(masked_points(model, table, tokens, given), table, tokens);
  };
  return masked_bound(nats, draws, batches, seed);
}

}  // namespace difflm
