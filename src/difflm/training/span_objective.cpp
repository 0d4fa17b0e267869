#include "difflm/training/span_objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "difflm/training/classifier_batch.h"
#include "difflm/training/noise_bins.h"

namespace difflm {
namespace {

// Nats of each label of each span of words, summed over a text and averaged over the texts of the batch.
Tensor nats(const Tensor& logits, const Tensor& truth) {
  const Tensor each = torch::binary_cross_entropy_with_logits(logits, truth, {}, {}, at::Reduction::None);
  return each.triu().sum({1, 2, 3}).mean();
}

}  // namespace

SpanObjective::SpanObjective(std::shared_ptr<SpanClassifier> model, const PreparedData& data)
    : model_(std::move(model)), spans_(data, model_->labels()) {
  if (model_->base().run().packing->frame() != Frame::whole) {
    throw usage_error("model.span-classifier.base", "needs a model of whole texts", "train it with data.packing=bucket");
  }
  if (spans_.fitting() == 0) {
    throw usage_error("model.span-classifier.base", "has no training text whose tree has a word for each token",
                      "train it with data.tokenizer=word");
  }
}

TrainingLoss SpanObjective::training(const BatchParts& batch, int64_t, uint64_t seed) {
  const auto levels = training_levels(model_->base(), batch, seed);
  auto next = levels.begin();
  return mean_over_parts(batch, seed, [&](const Batch& part, uint64_t own_seed) -> TrainingLoss {
    const ReadBatch seen = read_through_base(model_->base(), part.tokens, *next++, own_seed);
    const Tensor loss = nats(model_->logits(seen.read, seen.u), spans_.of(part));
    return {loss, {{"spans", loss.item<double>()}}};
  });
}

ValidationLoss SpanObjective::validate(const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  std::array<std::array<double, 3>, kNoiseBins> counts{};  // present, found, right
  double sum = 0;
  int64_t rows = 0;
  for (size_t index = 0; index < batches.size(); ++index) {
    const Tensor& tokens = batches[index].tokens;
    const auto u = validation_levels(model_->base(), tokens.size(0), rows);
    const ReadBatch seen = read_through_base(model_->base(), tokens, u, stream_seed(0, "span-validation", index));
    const Tensor logits = model_->logits(seen.read, seen.u);
    const Tensor has = spans_.of(batches[index]);
    sum += nats(logits, has).item<double>() * static_cast<double>(tokens.size(0));
    const Tensor said = (logits > 0).to(torch::kFloat32).triu();
    const auto per_row = [](const Tensor& values) { return values.sum({1, 2, 3}).to(torch::kCPU, torch::kFloat64).contiguous(); };
    const std::array<Tensor, 3> sums = {per_row(has), per_row(said), per_row(has * said)};
    for (int64_t row = 0; row < tokens.size(0); ++row) {
      auto& bin = counts[noise_bin(u[static_cast<size_t>(row)])];
      for (size_t what = 0; what < 3; ++what) bin[what] += sums[what].data_ptr<double>()[row];
    }
    rows += tokens.size(0);
  }
  ValidationLoss result = {sum / static_cast<double>(rows), {}};
  for (size_t bin = 0; bin < kNoiseBins; ++bin) {
    const auto& [present, found, right] = counts[bin];
    result.values.emplace_back(fmt::format("found_u{}", bin), right / std::max(1.0, present));
    result.values.emplace_back(fmt::format("right_u{}", bin), right / std::max(1.0, found));
  }
  return result;
}

}  // namespace difflm
