#include "difflm/training/autoregressive_objective.h"

#include <cmath>

namespace difflm {
namespace {

Tensor next_token_nll(AutoregressiveModel& model, const NextTokens& next, const Tensor& labels, int64_t reduction) {
  const Tensor logits = model.logits(next.inputs, labels);
  return torch::cross_entropy_loss(logits.flatten(0, 1), next.targets.flatten(), {}, reduction, -100);
}

}  // namespace

TrainingLoss AutoregressiveObjective::training(const BatchParts& batch, int64_t, uint64_t seed) {
  return mean_over_parts(batch, seed, [&](const Batch& part, uint64_t own_seed) -> TrainingLoss {
    RandomStream random(own_seed, "labels");
    const Tensor labels = labels_ ? labels_->draw_condition(part, random) : Tensor();
    const Tensor loss = next_token_nll(*model_, next_tokens(part, frame_), labels, at::Reduction::Mean);
    return {loss, {{"nll", loss.item<double>()}}};
  });
}

ValidationLoss AutoregressiveObjective::validate(const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  double nats = 0;
  double tokens = 0;
  for (const auto& batch : batches) {
    const NextTokens next = next_tokens(batch, frame_);
    nats += next_token_nll(*model_, next, {}, at::Reduction::Sum).item<double>();
    tokens += (next.targets != -100).sum().item<double>();
  }
  const double loss = nats / tokens;
  return {loss, {{"perplexity", std::exp(loss)}}};
}

}  // namespace difflm
