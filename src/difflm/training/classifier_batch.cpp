#include "difflm/training/classifier_batch.h"

#include <cmath>

#include "difflm/diffusion/time_sampling/stratified.h"
#include "difflm/nn/random_tensor.h"
#include "difflm/training/clean_context.h"

namespace difflm {
namespace {

constexpr double kGivenShare = 0.5;  // share of the sequences that have given tokens

}  // namespace

ReadBatch read_through_base(const FrozenBase& base, const Tensor& tokens, const std::vector<double>& u, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  DiffusionModel& model = base.model();
  const torch::Device device = tokens.device();
  const Tensor levels = torch::tensor(u, torch::kFloat64).to(device);
  const Tensor table = model.table();
  const Tensor clean = DiffusionModel::embed(tokens, table);
  const Tensor noise = model.process().noise(table, clean.sizes(), stream_seed(seed, "noise"));
  DenoiseInput input = {
      model.process().mix(clean, noise, model.process().alpha_bar(levels), stream_seed(seed, "mix")), levels, {}, {}};
  if (model.given_flag()) {
    RandomStream random(seed, "given");
    const Tensor kept = model.process().draw_kept(u, tokens.size(1), random);
    input.given = (kept.defined() ? kept : draw_given(tokens.size(0), tokens.size(1), kGivenShare, random)).to(device);
    input.x_t = torch::where(input.given.unsqueeze(-1) > 0, clean, input.x_t);
  }
  if (base.reads_latents()) return {input.x_t, levels};
  const Tensor x0 = model.estimate(input, table).x0;
  return {input.given.defined() ? torch::where(input.given.unsqueeze(-1) > 0, clean, x0) : x0, levels};
}

std::vector<std::vector<double>> training_levels(const FrozenBase& base, const BatchParts& batch, uint64_t seed) {
  RandomStream random(seed, "times");
  auto levels = by_part(StratifiedTimes({}).draw(rows_of(batch), random), batch);
  for (auto& part : levels) {
    for (double& level : part) level = base.model().process().snap(level);
  }
  return levels;
}

std::vector<double> validation_levels(const FrozenBase& base, int64_t rows, int64_t first) {
  std::vector<double> u;
  for (int64_t row = first; row < first + rows; ++row)
    u.push_back(base.model().process().snap(1 - std::fmod(0.618033988749895 * static_cast<double>(row), 1.0)));
  return u;
}

}  // namespace difflm
