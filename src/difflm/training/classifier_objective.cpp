#include "difflm/training/classifier_objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "difflm/training/classifier_batch.h"
#include "difflm/training/noise_bins.h"

namespace difflm {
namespace {

constexpr size_t kCalibrationBins = 10;  // of the probability

// Found, right and calibrated, counted over labels.
struct Counts {
  double found = 0;
  double right = 0;
  double present = 0;
  std::array<double, kCalibrationBins> said{};
  std::array<double, kCalibrationBins> was{};
  double doubted = 0;

  void add(double probability, bool has) {
    // Hundreds of labels that a text plainly lacks would hide every error.
    if (probability > 0.01) {
      const auto bin = std::min(kCalibrationBins - 1, static_cast<size_t>(probability * kCalibrationBins));
      said[bin] += probability;
      was[bin] += has ? 1 : 0;
      ++doubted;
    }
    present += has ? 1 : 0;
    if (probability <= 0.5) return;
    ++found;
    right += has ? 1 : 0;
  }

  double calibration_error() const {
    double sum = 0;
    for (size_t bin = 0; bin < kCalibrationBins; ++bin) sum += std::abs(said[bin] - was[bin]);
    return sum / std::max(1.0, doubted);
  }
};

}  // namespace

ClassifierObjective::ClassifierObjective(std::shared_ptr<ClassifierModel> model, const PreparedData& data)
    : model_(std::move(model)), labels_(data.documents(), model_->labels()) {}

ClassifierModel::LogProbabilities ClassifierObjective::log_probabilities(const Tensor& tokens, const std::vector<double>& u,
                                                                         uint64_t seed) {
  const ReadBatch batch = read_through_base(model_->base(), tokens, u, seed);
  return model_->classify(batch.read, batch.u);
}

TrainingLoss ClassifierObjective::training(const BatchParts& batch, int64_t, uint64_t seed) {
  const auto levels = training_levels(model_->base(), batch, seed);
  auto next = levels.begin();
  return mean_over_parts(batch, seed, [&](const Batch& part, uint64_t own_seed) -> TrainingLoss {
    const auto said = log_probabilities(part.tokens, *next++, own_seed);
    const Tensor has = labels_.of(part);
    const Tensor nats = -(has * said.log_has + (1 - has) * said.log_lacks).sum(1).mean();
    return {nats, {{"labels", nats.item<double>()}}};
  });
}

ValidationLoss ClassifierObjective::validate(const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  std::array<Counts, kNoiseBins> counts;
  double nats = 0;
  double rows = 0;
  for (size_t index = 0; index < batches.size(); ++index) {
    const Tensor& tokens = batches[index].tokens;
    const auto u = validation_levels(model_->base(), tokens.size(0), static_cast<int64_t>(rows));
    const auto said = log_probabilities(tokens, u, stream_seed(0, "classifier-validation", index));
    const Tensor has = labels_.of(batches[index]);
    nats -= (has * said.log_has + (1 - has) * said.log_lacks).sum().item<double>();
    const Tensor probability = said.log_has.exp().to(torch::kCPU).contiguous();
    const Tensor present = has.to(torch::kCPU).contiguous();
    for (int64_t row = 0; row < tokens.size(0); ++row) {
      auto& bin = counts[noise_bin(u[static_cast<size_t>(row)])];
      for (int64_t label = 0; label < has.size(1); ++label)
        bin.add(probability[row][label].item<float>(), present[row][label].item<float>() > 0);
    }
    rows += static_cast<double>(tokens.size(0));
  }
  ValidationLoss result = {nats / rows, {}};
  for (size_t bin = 0; bin < kNoiseBins; ++bin) {
    const auto& count = counts[bin];
    result.values.emplace_back(fmt::format("found_u{}", bin), count.right / std::max(1.0, count.present));
    result.values.emplace_back(fmt::format("right_u{}", bin), count.right / std::max(1.0, count.found));
    result.values.emplace_back(fmt::format("calibration_error_u{}", bin), count.calibration_error());
  }
  return result;
}

}  // namespace difflm
