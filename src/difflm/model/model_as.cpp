#include "difflm/model/model_as.h"

#include <fmt/format.h>

#include "difflm/model/model_kind.h"

namespace difflm {

Error another_kind(const LanguageModel& model, const std::type_index& wanted, const std::string& folder,
                   const std::string& option) {
  std::string what = fmt::format("holds a model of kind {}, which writes no texts", model.kind());
  for (const auto& kind : model_kinds()) {
    if (kind.type == wanted) what = fmt::format("holds a model of kind {}, expected one of kind {}", model.kind(), kind.name);
  }
  return option.empty() ? usage_error(folder, what) : usage_error(option, folder + " " + what);
}

}  // namespace difflm
