#include "difflm/training/span_objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "difflm/syntax/tree_spans.h"
#include "difflm/training/classifier_batch.h"
#include "difflm/training/noise_bins.h"

namespace difflm {
namespace {

// Nats of each label between words in their order, summed over a text's and averaged over the batch's texts.
Tensor nats(const Tensor& scores, const Tensor& truth) {
  const Tensor each = torch::binary_cross_entropy_with_logits(scores, truth, {}, {}, at::Reduction::None);
  return each.triu().sum({1, 2, 3}).mean();
}

}  // namespace

SpanObjective::SpanObjective(std::shared_ptr<SpanClassifier> model) : model_(std::move(model)) {
  if (model_->base().run().packing->frame() != Frame::whole) {
    throw usage_error("model.span-classifier.base", "needs a model of whole texts", "train it with data.packing=bucket");
  }
  const auto& labels = model_->labels();
  size_t fitting = 0;
  for (const auto& [sequence, document] : annotated_sequences(model_->base())) {
    const TreeSpans tree = tree_spans(document.tree);
    if (tree.words.size() != sequence.size()) continue;  // not a token a word
    ++fitting;
    auto& own = spans_[sequence];
    for (const auto& span : tree.spans) {
      const auto label = std::find(labels.begin(), labels.end(), span.label) - labels.begin();
      if (static_cast<size_t>(label) < labels.size()) own.push_back({label, span.first, span.last});
    }
  }
  if (fitting == 0) {
    throw usage_error("model.span-classifier.base", "has no training text whose tree has a word for each token",
                      "train it with data.tokenizer=word");
  }
}

Tensor SpanObjective::truth(const Tensor& tokens) const {
  const Tensor on_cpu = tokens.to(torch::kCPU).contiguous();
  const int64_t length = tokens.size(1);
  Tensor result = torch::zeros({tokens.size(0), static_cast<int64_t>(model_->labels().size()), length, length});
  auto access = result.accessor<float, 4>();
  for (int64_t row = 0; row < tokens.size(0); ++row) {
    const auto found = spans_.find(sequence_of(on_cpu, row));
    if (found == spans_.end()) continue;
    for (const auto& [label, first, last] : found->second) access[row][label][first][last] = 1;
  }
  return result.to(tokens.device());
}

TrainingLoss SpanObjective::training(const Batch& batch, int64_t, uint64_t seed) {
  const auto u = training_levels(model_->base(), batch.tokens.size(0), seed);
  const ReadBatch seen = read_through_base(model_->base(), batch.tokens, u, seed);
  const Tensor loss = nats(model_->scores(seen.read, seen.u), truth(batch.tokens));
  return {loss, {{"spans", loss.item<double>()}}};
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
    const Tensor scores = model_->scores(seen.read, seen.u);
    const Tensor has = truth(tokens);
    sum += nats(scores, has).item<double>() * static_cast<double>(tokens.size(0));
    const Tensor said = (scores > 0).to(torch::kFloat32).triu();
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
