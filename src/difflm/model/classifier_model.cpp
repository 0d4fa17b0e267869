#include "difflm/model/classifier_model.h"

#include <fmt/format.h>

#include <map>

#include "difflm/data/prepared.h"
#include "difflm/model/runtime.h"
#include "difflm/nn/autocast.h"

namespace difflm {
namespace {

constexpr double kFirstBias = -5;  // at the start no detector fires

std::vector<Label> frequent_labels(const Run& base, int64_t min_count) {
  std::map<Label, int64_t> counts;
  for (const auto& document : read_prepared_documents(prepared_folder(base.config, base.folder), "train")) {
    for (const auto& label : labels_of(document)) ++counts[label];
  }
  std::vector<Label> labels;
  for (const auto& [label, count] : counts) {
    if (count >= min_count) labels.push_back(label);
  }
  if (labels.empty()) {
    throw usage_error(base.folder, fmt::format("its training texts have no attribute that occurs {} times", min_count),
                      "a .jsonl corpus with more fields than \"text\", a .csv with more columns, or the builtin corpus has them");
  }
  return labels;
}

}  // namespace

std::vector<Label> labels_of(const Document& document) {
  std::vector<Label> labels;
  for (const auto& [field, values] : document.attributes) {
    for (size_t at = 0; at <= values.size();) {
      const size_t end = std::min(values.find(", ", at), values.size());
      if (end > at) labels.push_back({field, values.substr(at, end - at)});
      at = end + 2;
    }
  }
  return labels;
}

void ClassifierModel::Options::describe(OptionVisitor& visitor) {
  visitor.field("base", base, "the run folder of the diffusion model whose texts it reads");
  visitor.choice("input", input, "what it reads: the model's estimate of the clean text, or the noisy latents",
                 {"estimate", "latent"});
  visitor.field("min_count", min_count, "labels of fewer training texts are left out", {1, 1e9});
  visitor.field("dropout", dropout, "share of its input that is dropped in training", {0, 0.9});
}

ClassifierModel::ClassifierModel(const Options& options, const ModelSource& source) : options_(options) {
  if (options.base.empty()) {
    throw usage_error("model.classifier.base", "is missing, expected the run folder of a diffusion model",
                      "difflm train configs/classifier.toml model.classifier.base=runs/mine -o runs/mine-attributes");
  }
  base_ = open_run(options.base);
  if (dynamic_cast<DiffusionModel*>(base_.model.get()) == nullptr) {
    throw usage_error("model.classifier.base", options.base + " does not hold a diffusion model");
  }
  use_runtime(read_options<RuntimeOptions>(*source.config, "runtime"), *base_.model);
  const auto model = read_options<DiffusionModelOptions>(base_.config, "model");
  size_ = model.norm == "none" ? 1 : model.scale;
  labels_ = frequent_labels(base_, options.min_count);
  const auto own = read_options<DiffusionModelOptions>(*source.config, "model");
  const DenoiserShape shape = {base_model().dimension(), static_cast<int64_t>(labels_.size()), base_.length, own.position,
                               source.config};
  network_ = register_module("network", std::shared_ptr<Denoiser>(denoisers().make(own.denoiser, *source.config, shape)));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.dropout));
  bias_ = register_parameter("bias", torch::full({shape.outputs}, kFirstBias));
}

std::string ClassifierModel::note() const {
  return fmt::format("{} labels of the texts of {}, for instance {}={}", labels_.size(), base_.folder, labels_.front().field,
                     labels_.front().value);
}

ClassifierModel::Verdict ClassifierModel::classify(const Tensor& read, const Tensor& u) {
  const auto& process = base_model().process();
  Tensor input = read / size_;
  if (reads_latents()) {
    const Tensor alpha_bar = beside_latents(process.alpha_bar(u));
    input = read * (alpha_bar * (size_ * size_) + 1 - alpha_bar).rsqrt();
  }
  Tensor fires;  // [B,T,L]
  {
    const Autocast scope(autocast(), read.device());
    fires = network_->forward(dropout_->forward(input), process.network_time(u)).to(torch::kFloat32) + bias_;
  }
  const Tensor log_lacks = -torch::softplus(fires).sum(1).clamp_min(1e-6);
  // log(1 - exp(-a)) for a > 0 without loss where a is small or large (Maechler 2012).
  const Tensor log_has = torch::where(log_lacks > -0.69, (-torch::expm1(log_lacks)).log(), torch::log1p(-log_lacks.exp()));
  return {log_has, log_lacks};
}

}  // namespace difflm
