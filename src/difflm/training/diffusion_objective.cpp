#include "difflm/training/diffusion_objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "difflm/nn/random_tensor.h"
#include "difflm/training/clean_context.h"
#include "difflm/training/loss/cross_entropy.h"
#include "difflm/training/noise_bins.h"
#include "difflm/training/unigrams.h"

namespace difflm {
namespace {

Tensor to_tensor(const std::vector<double>& values, const torch::Device& device) {
  return torch::tensor(values, torch::kFloat64).to(device);
}

std::vector<double> to_vector(const Tensor& values) {
  const Tensor flat = values.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

}  // namespace

DiffusionObjective::DiffusionObjective(std::shared_ptr<DiffusionModel> model, const Config& config, const Tensor& unigrams,
                                       std::shared_ptr<const DocumentLabels> labels)
    : model_(std::move(model)),
      options_(read_options<ObjectiveOptions>(config, "loss")),
      names_(options_.terms),
      labels_(std::move(labels)) {
  if (names_.empty()) throw usage_error("loss.terms", "is empty, expected at least one term", suggestion("", loss_terms().names()));
  for (const auto& name : names_) terms_.push_back(loss_terms().make(name, config));
  if (options_.clean_context > 0 && !model_->given_flag()) {
    throw usage_error("loss.clean_context", "needs model.given_flag, so that the network sees which tokens are given");
  }
  if (model_->process().replaces() && !(model_->given_flag() && model_->parametrisation().has_logits())) {
    throw usage_error("noise.process", "one that replaces words needs model.given_flag=true and model.parametrisation=logits");
  }
  times_ = time_samplings().make(read_options<NoiseOptions>(config, "noise").times, config);
  log_prior_ = log_unigrams(unigrams);
}

DiffusedBatch DiffusionObjective::diffuse_and_estimate(const Tensor& tokens, const Tensor& u, const Tensor& scored,
                                                       int64_t conditioned, uint64_t seed, const Tensor& condition,
                                                       const Tensor& table) {
  const auto& process = model_->process();
  const torch::Device device = tokens.device();
  DiffusedBatch batch;
  batch.tokens = tokens;
  batch.u = u.to(device);
  batch.alpha_bar = process.alpha_bar(batch.u);
  batch.table = table.defined() ? table : model_->table();
  batch.embeddings = DiffusionModel::embed(tokens, batch.table);
  batch.scored = scored.to(device);
  batch.noise = process.noise(batch.table, batch.embeddings.sizes(), stream_seed(seed, "noise"));
  batch.x0 = batch.embeddings;
  if (process.start_stddev() > 0) {
    batch.x0 =
        batch.embeddings + process.start_stddev() * normal_tensor(batch.embeddings.sizes(), stream_seed(seed, "start"), device);
    batch.first_step = batch.alpha_bar == static_cast<float>(process.alpha_bar(1 / static_cast<double>(process.steps())));
  }
  batch.x_t = process.mix(batch.x0, batch.noise, batch.alpha_bar, stream_seed(seed, "mix"));
  DenoiseInput input = {batch.x_t, batch.u, {}, {}, condition};
  if (model_->given_flag()) {
    input.given = 1 - batch.scored;
    input.x_t = batch.x_t = torch::where(batch.scored.unsqueeze(-1) > 0, batch.x_t, batch.embeddings);
  }
  input.context_free = model_->context_free_estimate(input, batch.table);  // once for both passes
  if (model_->self_conditioning() && conditioned > 0) {
    const torch::NoGradGuard no_grad;
    const auto first = [&](const Tensor& tensor) { return tensor.defined() ? tensor.narrow(0, 0, conditioned) : tensor; };
    const DenoiseInput unconditioned = {first(input.x_t),         first(input.u), {}, first(input.given), first(condition), 1,
                                        first(input.context_free)};
    input.self_condition = model_->estimate(unconditioned, batch.table).x0;
  }
  const bool with_x0 = std::any_of(terms_.begin(), terms_.end(), [](const auto& term) { return term->reads_x0(); });
  batch.estimate = model_->estimate(input, batch.table, 1, with_x0);
  return batch;
}

Tensor DiffusionObjective::draw_given_tokens(std::vector<double>& u, int64_t length, RandomStream& random) const {
  const Tensor kept = model_->process().draw_kept(u, length, random);
  if (kept.defined()) return kept;
  const Tensor given = draw_given(static_cast<int64_t>(u.size()), length, options_.clean_context, random);
  hide_rest(given, options_.hidden, u, random);
  return given;
}

TrainingLoss DiffusionObjective::training(const BatchParts& batch, int64_t step, uint64_t seed) {
  RandomStream random(seed, "times");
  RandomStream told_part(seed, "labels");
  // Levels are spread over the whole batch, and the table is made once: its gradient costs as much as that of a short text.
  const auto levels = by_part(times_->draw(rows_of(batch), random), batch);
  const Tensor table = model_->table();
  auto next = levels.begin();
  int64_t before = 0;  // sequences in the parts before this one
  const auto conditioned_of = [&](int64_t sequences) {
    return static_cast<int64_t>(options_.self_conditioning * static_cast<double>(sequences));
  };
  return mean_over_parts(batch, seed, [&](const Batch& part, uint64_t own_seed) {
    const int64_t rows = part.rows();
    std::vector<double> u = *next++;
    const Tensor given = draw_given_tokens(u, part.tokens.size(1), random);
    for (double& level : u) level = model_->process().snap(level);
    const Tensor condition = labels_ ? labels_->draw_condition(part, told_part) : Tensor();
    const int64_t conditioned = conditioned_of(before + rows) - conditioned_of(before);
    before += rows;
    const DiffusedBatch diffused =
        diffuse_and_estimate(part.tokens, to_tensor(u, torch::kCPU), 1 - given, conditioned, own_seed, condition, table);

    TrainingLoss loss;
    Tensor sum = torch::zeros({rows}, diffused.x_t.options());
    for (size_t i = 0; i < terms_.size(); ++i) {
      const double weight = terms_[i]->weight(step);
      if (weight == 0) continue;
      const Tensor values = terms_[i]->per_sequence(diffused, *model_);
      loss.terms.emplace_back(names_[i], values.mean().item<double>());
      sum = sum + weight * values;
    }
    loss.total = sum.mean();
    return loss;
  });
}

ValidationLoss DiffusionObjective::validate(const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  const Tensor table = model_->table();
  constexpr int64_t kFinalStep = std::numeric_limits<int64_t>::max() / 2;
  std::vector<double> sums(terms_.size(), 0);
  double rows = 0;
  std::array<double, kNoiseBins> model_nats{};
  std::array<double, kNoiseBins> free_nats{};
  std::array<double, kNoiseBins> tokens{};
  uint64_t sequence = 0;
  for (size_t index = 0; index < batches.size(); ++index) {
    const Tensor& batch_tokens = batches[index].tokens;
    const int64_t count = batch_tokens.size(0);
    std::vector<double> u;
    // The golden-ratio sequence spreads the levels evenly over any number of sequences.
    for (int64_t i = 0; i < count; ++i, ++sequence) {
      const double spread = static_cast<double>(sequence) * 0.6180339887498949 + 0.5;
      u.push_back(model_->process().snap(1 - (spread - std::floor(spread))));
    }
    RandomStream random(0, "validation", index);
    const Tensor kept = model_->process().draw_kept(u, batch_tokens.size(1), random);
    const Tensor scored = kept.defined() ? 1 - kept : torch::ones_like(batch_tokens, torch::kFloat32);
    const DiffusedBatch diffused = diffuse_and_estimate(batch_tokens, to_tensor(u, torch::kCPU), scored, count,
                                                        stream_seed(0, "validation", index), {}, table);
    for (size_t i = 0; i < terms_.size(); ++i) {
      sums[i] += terms_[i]->per_sequence(diffused, *model_).sum().item<double>();
    }
    rows += static_cast<double>(count);
    const auto nats = to_vector((word_cross_entropy(diffused.estimate.point, diffused, *model_) * diffused.scored).sum(1));
    const Tensor free_logits =
        model_->process().evidence(diffused.x_t, diffused.table, diffused.alpha_bar) + log_prior_.to(diffused.x_t.device());
    const Tensor free_loss = torch::cross_entropy_loss(free_logits.flatten(0, 1), batch_tokens.flatten(), {}, at::Reduction::None);
    const auto free_sums = to_vector((free_loss.view_as(batch_tokens) * diffused.scored).sum(1));
    const auto counts = to_vector(diffused.scored.sum(1));
    for (size_t i = 0; i < u.size(); ++i) {
      const size_t bin = noise_bin(u[i]);
      model_nats[bin] += nats[i];
      free_nats[bin] += free_sums[i];
      tokens[bin] += counts[i];
    }
  }
  ValidationLoss result;
  for (size_t i = 0; i < terms_.size(); ++i) {
    const double mean = sums[i] / rows;
    result.loss += terms_[i]->weight(kFinalStep) * mean;
    result.values.emplace_back(names_[i], mean);
  }
  for (size_t bin = 0; bin < kNoiseBins; ++bin) {
    if (tokens[bin] == 0) continue;
    result.values.emplace_back(fmt::format("cross_entropy_u{}", bin), model_nats[bin] / tokens[bin]);
    result.values.emplace_back(fmt::format("context_free_u{}", bin), free_nats[bin] / tokens[bin]);
  }
  return result;
}

}  // namespace difflm
