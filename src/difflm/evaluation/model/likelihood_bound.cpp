#include "difflm/evaluation/model/likelihood_bound.h"

#include <cmath>

#include "difflm/nn/random_tensor.h"

namespace difflm {
namespace {

// Sums over positions and channels, of each sequence.
Tensor per_row(const Tensor& values) { return values.to(torch::kFloat64).flatten(1).sum(1); }  // [B,...] -> [B]

// KL(N(sqrt(a) x0, (1 - a) I) || N(0, I)), of each sequence.
Tensor prior_nats(const Tensor& x0, double a) {
  const double variance = 1 - a;
  return per_row(0.5 * (a * x0.square() + variance - 1 - std::log(variance)));
}

}  // namespace

double ratio_error(const std::vector<double>& totals, const std::vector<double>& lengths, double mean) {
  double squares = 0;
  double all = 0;
  for (size_t i = 0; i < totals.size(); ++i) {
    squares += std::pow(totals[i] - mean * lengths[i], 2);
    all += lengths[i];
  }
  return std::sqrt(squares) / all;
}

LikelihoodBound likelihood_bound(const LikelihoodModel& model, const NoiseProcess& process, const Tensor& table,
                                 const std::vector<double>& times, const std::vector<Batch>& batches, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  LikelihoodBound bound;
  bound.steps = static_cast<int64_t>(times.size());
  std::vector<double> totals;   // of each sequence
  std::vector<double> lengths;  // tokens
  for (size_t index = 0; index < batches.size(); ++index) {
    const Tensor tokens = batches[index].tokens.to(table.device());
    const Tensor x0 = DiffusionModel::embed(tokens, table);
    const Tensor prior = prior_nats(x0, process.alpha_bar(times.front()));
    Tensor diffusion = torch::zeros_like(prior);
    Tensor reconstruction;
    for (size_t step = 0; step < times.size(); ++step) {
      const double a_t = process.alpha_bar(times[step]);
      const Tensor noise =
          normal_tensor(x0.sizes(), stream_seed(stream_seed(seed, "likelihood", index), "step", step), x0.device());
      const Tensor x_t = std::sqrt(a_t) * x0 + std::sqrt(1 - a_t) * noise;
      if (step + 1 == times.size()) {
        reconstruction = per_row(model.nats(x_t, times[step], tokens));
        break;
      }
      const Posterior next = posterior(process.alpha_bar(times[step + 1]), a_t);
      const Tensor missed = per_row((x0 - model.estimate(x_t, times[step])).square());
      diffusion += next.from_x0 * next.from_x0 / (2 * next.variance) * missed;
    }
    const auto length = static_cast<double>(tokens.size(1));
    bound.prior += prior.sum().item<double>();
    bound.diffusion += diffusion.sum().item<double>();
    bound.reconstruction += reconstruction.sum().item<double>();
    bound.tokens += tokens.numel();
    const Tensor total = (prior + diffusion + reconstruction).to(torch::kCPU).contiguous();
    for (int64_t row = 0; row < total.size(0); ++row) {
      totals.push_back(total[row].item<double>());
      lengths.push_back(length);
    }
  }
  const auto tokens = static_cast<double>(bound.tokens);
  bound.prior /= tokens;
  bound.diffusion /= tokens;
  bound.reconstruction /= tokens;
  bound.total = bound.prior + bound.diffusion + bound.reconstruction;
  bound.error = ratio_error(totals, lengths, bound.total);
  return bound;
}

LikelihoodBound likelihood_bound(DiffusionModel& model, int64_t steps, const std::vector<Batch>& batches, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const Tensor table = model.table();
  const auto estimate = [&](const Tensor& x_t, double u) {
    const Tensor times = torch::full({x_t.size(0)}, u, torch::kFloat64).to(x_t.device());
    DenoiseInput input = {x_t, times, {}, {}};
    if (model.given_flag()) input.given = torch::zeros({x_t.size(0), x_t.size(1)}, x_t.options());
    // Two passes are still a function of x_t alone, as the bound needs it.
    if (model.self_conditioning()) input.self_condition = model.estimate(input, table).x0;
    return model.estimate(input, table);
  };
  const LikelihoodModel asked = {[&](const Tensor& x_t, double u) { return estimate(x_t, u).x0; },
                                 [&](const Tensor& x_t, double u, const Tensor& tokens) {
                                   return model.cross_entropy(estimate(x_t, u).point, table, tokens);
                                 }};
  return likelihood_bound(asked, model.process(), table, model.process().sampling_times(steps), batches, seed);
}

std::pair<double, int64_t> exact_nats(AutoregressiveModel& model, Frame frame, const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  model.eval();
  double nats = 0;
  int64_t count = 0;
  for (const auto& batch : batches) {
    Batch moved = batch;
    moved.tokens = moved.tokens.to(model.parameters().front().device());
    const auto [inputs, targets] = next_tokens(moved, frame);
    nats += model.nats(inputs, targets).sum().item<double>();
    count += (targets != -100).sum().item<int64_t>();
  }
  return {nats / static_cast<double>(count), count};
}

}  // namespace difflm
