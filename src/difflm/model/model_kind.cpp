#include "difflm/model/model_kind.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/classifier_model.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/model/prefix_classifier.h"
#include "difflm/model/span_classifier.h"

namespace difflm {
namespace {

struct Listed {
  ModelKind kind;
  LanguageModelFamily::Entry entry;
};

template <class Model>
Listed writes(const std::string& name, const std::string& help, const std::string& preset, const std::string& network) {
  static_assert(std::is_base_of_v<Writer, Model>);
  return {{name, typeid(Model), true, preset, network}, variant<LanguageModelFamily, Model>(name, help)};
}

template <class Model>
Listed reads(const std::string& name, const std::string& help, const std::string& guide, const std::string& wish) {
  static_assert(std::is_base_of_v<Reader, Model> && std::is_base_of_v<ReaderOptions, typename Model::Options>);
  return {{name, typeid(Model), false, {}, {}, typeid(typename Model::Base), guide, wish},
          variant<LanguageModelFamily, Model>(name, help)};
}

const std::vector<Listed>& listed() {
  static const std::vector<Listed> all = {
      writes<DiffusionModel>("diffusion", "denoises embeddings into text", "difflm", "model.transformer"),
      writes<AutoregressiveModel>("autoregressive", "writes token by token: baseline and fluency judge", "autoregressive",
                                  "model.autoregressive"),
      reads<ClassifierModel>("classifier", "says what a diffusion model's text expresses, to steer it", "attribute", "FIELD=VALUE"),
      reads<SpanClassifier>("span-classifier", "says which constituents a text has, to steer it", "span", "'NP 1-4'"),
      reads<PrefixClassifier>("prefix-classifier", "says what a text will express, to steer an autoregressive model", "fudge",
                              "FIELD=VALUE"),
  };
  return all;
}

}  // namespace

const std::vector<ModelKind>& model_kinds() {
  static const std::vector<ModelKind> kinds = [] {
    std::vector<ModelKind> result;
    for (const auto& one : listed()) result.push_back(one.kind);
    return result;
  }();
  return kinds;
}

const LanguageModelFamily& language_models() {
  static const LanguageModelFamily family = [] {
    std::vector<LanguageModelFamily::Entry> entries;
    for (const auto& one : listed()) entries.push_back(one.entry);
    return LanguageModelFamily("model.kind", "the kind of language model", std::move(entries));
  }();
  return family;
}

const ModelKind& model_kind(const std::string& name) {
  for (const auto& kind : model_kinds()) {
    if (kind.name == name) return kind;
  }
  throw usage_error("model.kind", fmt::format("'{}' is unknown", name), suggestion(name, language_models().names()));
}

const ModelKind& model_kind(const std::type_index& type) {
  for (const auto& kind : model_kinds()) {
    if (kind.type == type) return kind;
  }
  throw failure("model.kind", "a model is of no listed kind",
                "a kind needs a line in the list of model/model_kind.cpp, see docs/adding_a_variant.md");
}

const ModelKind& model_kind(const Config& config) { return model_kind(read_options<KindOptions>(config, "model").kind); }

void check_entry(const FamilyInfo& family, const std::string& kind) {
  const auto names = family.names();
  if (std::find(names.begin(), names.end(), kind) != names.end()) return;
  throw failure(family.key, fmt::format("there is none for models of kind {}", kind),
                "a kind needs a line in this list too, see docs/adding_a_variant.md");
}

}  // namespace difflm
