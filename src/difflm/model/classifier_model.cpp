#include "difflm/model/classifier_model.h"

#include <fmt/format.h>

#include "difflm/nn/autocast.h"

namespace difflm {
namespace {

constexpr double kFirstBias = -5;  // at the start no detector fires

std::vector<Label> labels_to_read(const FrozenBase& base, int64_t min_count) {
  auto labels = frequent_labels(base.training_texts(), min_count);
  if (labels.empty()) {
    throw usage_error(base.run().folder, fmt::format("its training texts have no attribute that occurs {} times", min_count),
                      kLabelHint);
  }
  return labels;
}

}  // namespace

ClassifierModel::ClassifierModel(const Options& options, const ModelSource& source)
    : base_(options, "model.classifier.base", *source.config), labels_(labels_to_read(base_, options.min_count)) {
  const auto count = static_cast<int64_t>(labels_.size());
  network_ = register_module("network", base_.make_network(*source.config, count));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.dropout));
  bias_ = register_parameter("bias", torch::full({count}, kFirstBias));
}

std::string ClassifierModel::note() const {
  return fmt::format("{} labels of the texts of {}, for instance {}", labels_.size(), base_.run().folder, to_text(labels_.front()));
}

ClassifierModel::LogProbabilities ClassifierModel::classify(const Tensor& read, const Tensor& u) {
  Tensor fires;  // [B,T,L]
  {
    const Autocast scope(autocast(), read.device());
    count_evaluations(read);
    fires =
        network_->forward(dropout_->forward(base_.scaled(read, u)), base_.model().process().network_time(u)).to(torch::kFloat32) +
        bias_;
  }
  const Tensor log_lacks = -torch::softplus(fires).sum(1).clamp_min(1e-6);
  // log(1 - exp(-a)) for a > 0 without loss where a is small or large (Maechler 2012).
  const Tensor log_has = torch::where(log_lacks > -0.69, (-torch::expm1(log_lacks)).log(), torch::log1p(-log_lacks.exp()));
  return {log_has, log_lacks};
}

}  // namespace difflm
