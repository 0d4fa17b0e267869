#include "difflm/control/classifier_run.h"

#include <fmt/format.h>

#include "difflm/model/runtime.h"

namespace difflm {

Run open_classifier(const std::string& folder, const Run& steered, const std::string& kind, const std::string& option) {
  if (folder.empty()) {
    throw usage_error(
        option, fmt::format("needs a {} that was trained for the model", kind),
        fmt::format("difflm train configs/{0}.toml model.{0}.base={1} -o {1}-{0}, then name it by --{0}", kind, steered.folder));
  }
  Run run = open_run(folder);
  if (run.model->kind() != kind) {
    throw usage_error("--" + kind, fmt::format("{} holds a model of kind {}, expected a {}", folder, run.model->kind(), kind));
  }
  use_runtime(read_options<RuntimeOptions>(steered.config, "runtime"), *run.model);
  return run;
}

void check_base(const FrozenBase& base, const Run& steered, const std::string& folder) {
  use_runtime(read_options<RuntimeOptions>(steered.config, "runtime"), base.model());
  const torch::NoGradGuard no_grad;
  const Tensor own = base.model().table();
  const Tensor other = dynamic_cast<DiffusionModel&>(*steered.model).table();
  if (own.sizes() != other.sizes() || !torch::allclose(own, other)) {
    throw usage_error(folder, fmt::format("was trained for another model, {}", base.run().folder));
  }
}

}  // namespace difflm
