#include "difflm/evaluation/model/rounding_curve.h"

#include <array>
#include <cmath>
#include <memory>

#include "difflm/nn/random_tensor.h"

namespace difflm {
namespace {

constexpr std::array<double, 11> kLevels = {0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

using Roundings = std::map<std::string, std::shared_ptr<Rounding>>;

// The sums of one noise level.
struct Sums {
  std::map<std::string, double> from_noised;
  std::map<std::string, double> from_estimate;
  double nats = 0;
  double squared_error = 0;
  double square = 0;
  double tokens = 0;
};

double sum_of(const Tensor& values) { return values.to(torch::kFloat64).sum().item<double>(); }

void add(Sums& sums, DiffusionModel& model, const Roundings& others, const Tensor& tokens, double level, uint64_t seed) {
  const Tensor table = model.table();
  const Tensor x0 = DiffusionModel::embed(tokens, table);  // [B,T,D]
  const Tensor counted = tokens != kPad;                   // [B,T]
  const Tensor u = torch::full({tokens.size(0)}, model.process().snap(level), torch::kFloat64).to(x0.device());
  const Tensor alpha_bar = model.process().alpha_bar(u);
  const Tensor x_u = model.process().mix(x0, model.process().noise(table, x0.sizes(), seed), alpha_bar, stream_seed(seed, "mix"));

  DenoiseInput input = {x_u, u, {}, {}};
  if (model.given_flag()) input.given = torch::zeros(tokens.sizes(), x0.options());
  if (model.self_conditioning()) input.self_condition = model.estimate(input, table).x0;
  const Estimate estimate = model.estimate(input, table);

  const Tensor noised = x_u / broadcast_to_latents(alpha_bar).sqrt();
  const auto right = [&](const Tensor& words) { return sum_of((words == tokens) & counted); };
  sums.from_noised["model"] += right(model.round(noised, table).tokens);
  sums.from_estimate["model"] += right(model.round(estimate.point, table).tokens);
  for (const auto& [name, rounding] : others) {
    sums.from_noised[name] += right(rounding->round(noised, table).tokens);
    sums.from_estimate[name] += right(rounding->round(estimate.x0, table).tokens);
  }
  sums.nats += sum_of(model.cross_entropy(estimate.point, table, tokens) * counted);
  sums.squared_error += sum_of((estimate.x0 - x0).square().sum(-1) * counted);
  sums.square += sum_of(x0.square().sum(-1) * counted);
  sums.tokens += sum_of(counted);
}

}  // namespace

RoundingCurve rounding_curve(DiffusionModel& model, const std::vector<Batch>& batches, const Config& config, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const Tensor table = model.table();
  Roundings others;
  for (const char* name : {"nearest", "cosine"}) {
    others[name] = roundings().make(name, config, RoundingShape{table.size(0), table.size(1)});
  }
  RoundingCurve curve;
  for (const double level : kLevels) {
    Sums sums;
    for (size_t i = 0; i < batches.size(); ++i) {
      add(sums, model, others, batches[i].tokens.to(table.device()), level, stream_seed(seed, "rounding curve", i));
    }
    curve.u.push_back(level);
    for (const auto& [name, count] : sums.from_noised) curve.from_noised[name].push_back(count / sums.tokens);
    for (const auto& [name, count] : sums.from_estimate) curve.from_estimate[name].push_back(count / sums.tokens);
    curve.cross_entropy.push_back(sums.nats / sums.tokens);
    curve.error.push_back(std::sqrt(sums.squared_error / sums.square));
    curve.tokens = static_cast<int64_t>(sums.tokens);
  }
  return curve;
}

}  // namespace difflm
