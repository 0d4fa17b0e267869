#include "difflm/model/language_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/classifier_model.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/model/prefix_classifier.h"
#include "difflm/model/span_classifier.h"

namespace difflm {

const LanguageModelFamily& language_models() {
  using F = LanguageModelFamily;
  static const F family(
      "model.kind", "the kind of language model",
      {
          variant<F, DiffusionModel>("diffusion", "denoises embeddings into text"),
          variant<F, AutoregressiveModel>("autoregressive", "writes token by token: baseline and fluency judge"),
          variant<F, ClassifierModel>("classifier", "says what a diffusion model's text expresses, to steer it"),
          variant<F, SpanClassifier>("span-classifier", "says which constituents a text has, to steer it"),
          variant<F, PrefixClassifier>("prefix-classifier", "says what a text will express, to steer an autoregressive model"),
      });
  return family;
}

int64_t LanguageModel::parameter_count() const {
  int64_t count = 0;
  for (const auto& parameter : parameters()) count += parameter.numel();
  return count;
}

std::shared_ptr<LanguageModel> build_model(const ModelSource& source, uint64_t seed) {
  std::string kind = "diffusion";
  if (const auto* chosen = source.config->find("model.kind")) {
    if (!std::holds_alternative<std::string>(chosen->data)) throw usage_error(chosen->origin + ": model.kind", "expected a text");
    kind = std::get<std::string>(chosen->data);
  }
  torch::manual_seed(seed);  // modules draw their first parameters from the default generator
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
