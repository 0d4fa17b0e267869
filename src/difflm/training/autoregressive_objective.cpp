#include "difflm/training/autoregressive_objective.h"

#include <cmath>

namespace difflm {

TrainingLoss AutoregressiveObjective::training(const BatchParts& batch, int64_t, uint64_t seed) {
  return mean_over_parts(batch, seed, [&](const Batch& part, uint64_t own_seed) -> TrainingLoss {
    RandomStream random(own_seed, "labels");
    const Tensor labels = labels_ ? labels_->draw_condition(part, random) : Tensor();
    const NextTokens next = next_tokens(part, frame_);
    const Tensor loss = model_->nats(next.inputs, next.targets, labels).sum() / (next.targets != -100).sum().clamp_min(1);
    return {loss, {{"nll", loss.item<double>()}}};
  });
}

ValidationLoss AutoregressiveObjective::validate(const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  double nats = 0;
  double tokens = 0;
  for (const auto& batch : batches) {
    const NextTokens next = next_tokens(batch, frame_);
    nats += model_->nats(next.inputs, next.targets).sum().item<double>();
    tokens += (next.targets != -100).sum().item<double>();
  }
  const double loss = nats / tokens;
  return {loss, {{"perplexity", std::exp(loss)}}};
}

}  // namespace difflm
