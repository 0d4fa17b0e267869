#include "difflm/model/frozen_base.h"

#include "difflm/data/prepared.h"
#include "difflm/model/model_as.h"
#include "difflm/model/runtime.h"

namespace difflm {
namespace {

Run open_base(const std::string& folder, const std::string& key) {
  if (folder.empty()) {
    throw usage_error(key, "is missing, expected the run folder of a diffusion model", "for instance " + key + "=runs/mine");
  }
  return open_run(folder);
}

}  // namespace

void FrozenBaseOptions::describe(OptionVisitor& visitor) {
  ReaderOptions::describe(visitor);
  visitor.choice("input", input, "what it reads: the model's estimate of the clean text, or the noisy latents",
                 {"estimate", "latent"});
  visitor.field("min_count", min_count, "labels of fewer training texts are left out", {1, 1e9});
  visitor.field("dropout", dropout, "share of its input that is dropped in training", {0, 0.9});
}

FrozenBase::FrozenBase(const FrozenBaseOptions& options, const std::string& key, const Config& config)
    : run_(open_base(options.base, key)),
      model_(model_as<DiffusionModel>(run_.model, run_.folder, key)),
      reads_latents_(options.input == "latent") {
  use_runtime(read_options<RuntimeOptions>(config, "runtime"), *model_);
  const auto model = read_options<DiffusionModelOptions>(run_.config, "model");
  size_ = model.norm == "none" ? 1 : model.scale;
}

std::vector<Document> FrozenBase::training_texts() const {
  return read_prepared_documents(prepared_folder(run_.config, run_.folder), Side::training);
}

std::shared_ptr<Denoiser> FrozenBase::make_network(const Config& config, int64_t outputs) const {
  const auto own = read_options<DiffusionModelOptions>(config, "model");
  const DenoiserShape shape = {model().dimension(), outputs, run_.length, own.position, &config};
  return denoisers().make(own.denoiser, config, shape);
}

Tensor FrozenBase::scaled(const Tensor& read, const Tensor& u) const {
  if (!reads_latents_) return read / size_;
  const Tensor alpha_bar = broadcast_to_latents(model().process().signal(model().process().alpha_bar(u)));
  return read * (alpha_bar * (size_ * size_) + 1 - alpha_bar).rsqrt();
}

void BaseReader::prepare_to_steer(const Run& steered, const std::string& option) {
  const auto runtime = read_options<RuntimeOptions>(steered.config, "runtime");
  use_runtime(runtime, *this);
  use_runtime(runtime, base().model());
  const torch::NoGradGuard no_grad;
  const Tensor own = base().model().table();
  const Tensor other = model_as<DiffusionModel>(steered.model, steered.folder, option)->table();
  if (own.sizes() != other.sizes() || !torch::allclose(own, other)) {
    throw usage_error(option, "was trained for another model, " + base_folder());
  }
}

}  // namespace difflm
