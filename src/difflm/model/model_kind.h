// The kinds of model: the one list that names them. What else the program has for a kind (an objective, a generator, a report) is
// in separate lists, keyed by these names, so a kind is added by one line in each: docs/adding_a_variant.md.
#pragma once

#include <string>
#include <typeindex>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/model/language_model.h"

namespace difflm {

struct ModelKind {
  std::string name;      // in model.kind
  std::type_index type;  // the class of its models
  bool writes = true;    // texts; else it reads those of another run, its base

  // Of a kind that writes: the preset below a recipe that is fitted to texts, and the section with the size of its network.
  std::string preset = {};
  std::string network = {};

  // Of a kind that reads: the class of its bases, the guide that uses its models, and an example of a wish.
  std::type_index base = typeid(void);
  std::string guide = {};
  std::string wish = {};
};

const std::vector<ModelKind>& model_kinds();

// The kind called `name`. Throws a usage error that names the nearest one.
const ModelKind& model_kind(const std::string& name);

using LanguageModelFamily = Family<LanguageModel, const ModelSource&>;
const LanguageModelFamily& language_models();  // model.kind

struct KindOptions {
  std::string kind = "diffusion";
  void describe(OptionVisitor& visitor) { visitor.choice("kind", kind, "the kind of language model", language_models().names()); }
};

// The kind of the class `type`, which must be that of a listed kind.
const ModelKind& model_kind(const std::type_index& type);
template <class Model>
const ModelKind& model_kind() {
  return model_kind(std::type_index(typeid(Model)));
}

// The kind that `config` asks for.
const ModelKind& model_kind(const Config& config);

// What `family`, a list with one entry per kind, makes for models of `kind`. Throws a failure where it has none.
void check_entry(const FamilyInfo& family, const std::string& kind);
template <class KindFamily, class... Arguments>
auto make_for_kind(const KindFamily& family, const std::string& kind, Arguments&&... arguments) {
  check_entry(family.info(), kind);
  return family.make(kind, Config(), std::forward<Arguments>(arguments)...);
}

}  // namespace difflm
