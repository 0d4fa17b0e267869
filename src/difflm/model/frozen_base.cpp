#include "difflm/model/frozen_base.h"

#include "difflm/data/prepared.h"
#include "difflm/model/runtime.h"

namespace difflm {
namespace {

Run open_base(const std::string& folder, const std::string& key) {
  if (folder.empty()) {
    throw usage_error(key, "is missing, expected the run folder of a diffusion model", "for instance " + key + "=runs/mine");
  }
  Run run = open_run(folder);
  if (dynamic_cast<DiffusionModel*>(run.model.get()) == nullptr)
    throw usage_error(key, folder + " does not hold a diffusion model");
  return run;
}

}  // namespace

void FrozenBaseOptions::describe(OptionVisitor& visitor) {
  visitor.field("base", base, "the run folder of the diffusion model whose texts it reads");
  visitor.choice("input", input, "what it reads: the model's estimate of the clean text, or the noisy latents",
                 {"estimate", "latent"});
  visitor.field("min_count", min_count, "labels of fewer training texts are left out", {1, 1e9});
  visitor.field("dropout", dropout, "share of its input that is dropped in training", {0, 0.9});
}

FrozenBase::FrozenBase(const FrozenBaseOptions& options, const std::string& key, const Config& config)
    : run_(open_base(options.base, key)), reads_latents_(options.input == "latent") {
  use_runtime(read_options<RuntimeOptions>(config, "runtime"), *run_.model);
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
  const Tensor alpha_bar = beside_latents(model().process().alpha_bar(u));
  return read * (alpha_bar * (size_ * size_) + 1 - alpha_bar).rsqrt();
}

}  // namespace difflm
