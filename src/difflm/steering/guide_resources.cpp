#include "difflm/steering/guide_resources.h"

#include <fmt/format.h>

#include "difflm/model/frozen_base.h"
#include "difflm/model/runtime.h"

namespace difflm {

GuideResources& GuideResources::read_texts() {
  if (!read_ && is_prepared(folder_)) {
    documents_ = read_prepared_documents(folder_, Side::training);
    tokens_ = open_prepared(folder_).training;
    if (tokens_.size() != documents_.size()) throw failure(folder_, "train.jsonl and train.bin hold different texts");
  }
  read_ = true;
  return *this;
}

std::shared_ptr<const Run> GuideResources::opened(const std::string& folder, const Run& steered, const std::string& kind,
                                                  const std::string& option) {
  if (folder.empty()) {
    throw usage_error(
        option, fmt::format("needs a {} that was trained for the model", kind),
        fmt::format("`train` makes one of the preset {0} with model.{0}.base={1}; name its folder as `{0}`", kind, steered.folder));
  }
  auto& known = classifiers_[folder];
  if (!known) known = std::make_shared<const Run>(open_run(folder));
  if (known->model->kind() != kind) {
    throw usage_error(kind, fmt::format("{} holds a model of kind {}, expected a {}", folder, known->model->kind(), kind));
  }
  return known;
}

std::shared_ptr<const Run> GuideResources::classifier(const std::string& folder, const Run& steered, const std::string& kind,
                                                      const std::string& option) {
  auto* model = dynamic_cast<DiffusionModel*>(steered.model.get());
  if (model == nullptr) {
    throw usage_error(option,
                      fmt::format("needs a diffusion model, and {} holds one of kind {}", steered.folder, steered.model->kind()));
  }
  auto known = opened(folder, steered, kind, option);
  const FrozenBase& base = dynamic_cast<const BaseReader&>(*known->model).base();
  const auto runtime = read_options<RuntimeOptions>(steered.config, "runtime");
  use_runtime(runtime, *known->model);
  use_runtime(runtime, base.model());
  const torch::NoGradGuard no_grad;
  const Tensor own = base.model().table();
  const Tensor other = model->table();
  if (own.sizes() != other.sizes() || !torch::allclose(own, other)) {
    throw usage_error(kind, fmt::format("{} was trained for another model, {}", folder, base.run().folder));
  }
  return known;
}

int64_t GuideResources::evaluations() const {
  int64_t sum = 0;
  for (const auto& [folder, run] : classifiers_) sum += run ? run->model->evaluations() : 0;
  return sum;
}

}  // namespace difflm
