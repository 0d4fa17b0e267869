// The model of a run as the class that its caller works with: the only place that casts a model, so that a run of another kind
// always gives the same clear error.
#pragma once

#include <memory>
#include <string>
#include <typeindex>

#include "difflm/core/error.h"
#include "difflm/model/language_model.h"

namespace difflm {

// The usage error that the run `folder` holds another model than `wanted`: the class of a kind, or Writer, or Reader.
// `option` names the run; empty where that run is itself the one in use.
Error another_kind(const LanguageModel& model, const std::type_index& wanted, const std::string& folder, const std::string& option);

template <class Wanted>
std::shared_ptr<Wanted> model_as(const std::shared_ptr<LanguageModel>& model, const std::string& folder,
                                 const std::string& option = {}) {
  auto wanted = std::dynamic_pointer_cast<Wanted>(model);
  if (!wanted) throw another_kind(*model, typeid(Wanted), folder, option);
  return wanted;
}

}  // namespace difflm
