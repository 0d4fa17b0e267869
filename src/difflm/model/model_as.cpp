#include "difflm/model/model_as.h"

#include <fmt/format.h>

#include "difflm/model/model_kind.h"
#include "difflm/model/writer.h"

namespace difflm {

Error another_kind(const LanguageModel& model, const std::type_index& wanted, const std::string& folder,
                   const std::string& option) {
  std::string expected = wanted == typeid(Writer) ? "which writes no texts" : "which reads no other run's texts";
  for (const auto& kind : model_kinds()) {
    if (kind.type == wanted) expected = "expected one of kind " + kind.name;
  }
  const std::string what = fmt::format("holds a model of kind {}, {}", model.kind(), expected);
  return option.empty() ? usage_error(folder, what) : usage_error(option, folder + " " + what);
}

}  // namespace difflm
