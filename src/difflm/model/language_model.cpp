#include "difflm/model/language_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "difflm/core/error.h"
#include "difflm/model/model_kind.h"

namespace difflm {

std::string LanguageModel::kind() const { return model_kind(std::type_index(typeid(*this))).name; }

int64_t LanguageModel::parameter_count() const {
  int64_t count = 0;
  for (const auto& parameter : parameters()) count += parameter.numel();
  return count;
}

std::shared_ptr<LanguageModel> build_model(const ModelSource& source, uint64_t seed) {
  const std::string kind = read_options<KindOptions>(*source.config, "model").kind;
  torch::manual_seed(seed);  // modules draw their initial parameters from the default generator
  std::shared_ptr<LanguageModel> model = language_models().make(kind, *source.config, source);
  if (source.saved != nullptr) load_model_tensors(*model, *source.saved, source.saved_in);
  return model;
}

NamedTensors model_tensors(const LanguageModel& model) {
  NamedTensors tensors;
  for (const auto& item : model.named_parameters()) tensors[item.key()] = item.value().detach();
  for (const auto& item : model.named_buffers()) tensors[item.key()] = item.value().detach();
  return tensors;
}

void load_model_tensors(LanguageModel& model, const NamedTensors& tensors, const std::string& where) {
  torch::NoGradGuard no_grad;
  const NamedTensors own = model_tensors(model);
  for (const auto& [name, tensor] : own) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      throw failure(where, fmt::format("tensor '{}' is missing", name), "is this the checkpoint of another configuration?");
    }
    if (found->second.sizes() != tensor.sizes()) {
      throw failure(where,
                    fmt::format("tensor '{}' has shape [{}], expected [{}]", name, fmt::join(found->second.sizes(), ","),
                                fmt::join(tensor.sizes(), ",")),
                    "a checkpoint fits only the vocabulary and configuration it was trained with");
    }
    tensor.copy_(found->second);
  }
  for (const auto& [name, tensor] : tensors) {
    if (own.find(name) == own.end()) throw failure(where, fmt::format("tensor '{}' does not belong to this model", name));
  }
}

}  // namespace difflm
