#include "way.h"

#include <fmt/format.h>

#include "difflm/model/language_model.h"
#include "difflm/model/runtime.h"
#include "difflm/nn/transformer.h"

namespace difflm::bench {
namespace {

// The least that can be given to use_runtime, which alone knows how to switch kernels. It requires a transformer where
// kernels are mandatory; a rounding has none, so there is a small one beside the part.
class Holder : public LanguageModel {
 public:
  explicit Holder(const std::shared_ptr<torch::nn::Module>& part) {
    register_module("part", part);
    register_module("transformer", std::make_shared<Transformer>(TransformerShape{64, 1, 1, 64}));
  }
};

}  // namespace

std::string runtime_toml(const Way& way) {
  return fmt::format("[runtime]\ndevice = \"cpu\"\nkernels = \"{}\"\nautocast = {}\n", way.kernels ? "fused" : "eager",
                     way.autocast);
}

void use_way(const Way& way, const std::shared_ptr<torch::nn::Module>& part) {
  RuntimeOptions options;
  options.device = "cpu";
  options.kernels = way.kernels ? "fused" : "eager";
  options.autocast = way.autocast;
  const auto holder = std::make_shared<Holder>(part);
  use_runtime(options, *holder);
}

void mark_changed(const std::vector<Tensor>& tensors) {
  for (const auto& tensor : tensors) tensor.unsafeGetTensorImpl()->bump_version();
}

}  // namespace difflm::bench
