#include "difflm/training/prefix_objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace difflm {
namespace {

constexpr int64_t kParts = 4;  // of a text, for which validation reports

}  // namespace

Tensor PrefixObjective::whole_text(const Tensor& tokens) const {
  if (frame_ == Frame::framed) return tokens;
  const Tensor edge = torch::ones_like(tokens.narrow(1, 0, 1));
  return torch::cat({edge * int64_t{kStart}, tokens, edge * int64_t{kEnd}}, 1);
}

Tensor PrefixObjective::nats(const Tensor& logits, const Tensor& inputs, const Tensor& truth) const {
  const Tensor everywhere = truth.unsqueeze(1).expand_as(logits);
  const Tensor each = torch::binary_cross_entropy_with_logits(logits, everywhere, {}, {}, at::Reduction::None).sum(-1);  // [B,T]
  const Tensor counts = (inputs != int64_t{kPad}).to(each.dtype());
  return (each * counts).sum() / counts.sum();
}

TrainingLoss PrefixObjective::training(const BatchParts& batch, int64_t, uint64_t seed) {
  return mean_over_parts(batch, seed, [&](const Batch& part, uint64_t) -> TrainingLoss {
    const Tensor inputs = whole_text(part.tokens);
    const Tensor loss = nats(model_->logits(inputs), inputs, labels_->of(part));
    return {loss, {{"labels", loss.item<double>()}}};
  });
}

ValidationLoss PrefixObjective::validate(const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  std::array<double, kParts> present{};
  std::array<double, kParts> found{};
  std::array<double, kParts> right{};
  double sum = 0;
  double rows = 0;
  for (const auto& batch : batches) {
    const Tensor inputs = whole_text(batch.tokens);
    const Tensor truth = labels_->of(batch);
    const Tensor logits = model_->logits(inputs);
    const auto count = static_cast<double>(inputs.size(0));
    sum += count * nats(logits, inputs, truth).item<double>();
    rows += count;
    const Tensor says = (logits > 0).to(torch::kFloat32);
    for (int64_t part = 0; part < kParts; ++part) {
      const int64_t begin = part * inputs.size(1) / kParts;
      const Tensor here = says.narrow(1, begin, (part + 1) * inputs.size(1) / kParts - begin);
      const Tensor has = truth.unsqueeze(1).expand_as(here);
      const auto at = static_cast<size_t>(part);
      present[at] += has.sum().item<double>();
      found[at] += here.sum().item<double>();
      right[at] += (here * has).sum().item<double>();
    }
  }
  ValidationLoss result = {sum / rows, {}};
  for (size_t part = 0; part < kParts; ++part) {
    result.values.emplace_back(fmt::format("found_part{}", part), right[part] / std::max(1.0, present[part]));
    result.values.emplace_back(fmt::format("right_part{}", part), right[part] / std::max(1.0, found[part]));
  }
  return result;
}

}  // namespace difflm
