#include "difflm/training/flat_parameters.h"

#include <algorithm>

namespace difflm {

FlatParameters::FlatParameters(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  struct Item {
    Tensor tensor;
    bool decays;
  };
  std::vector<Item> items;
  for (const auto& named : module.named_parameters()) {
    const std::string& name = named.key();
    const bool is_linear = name.ends_with("weight") && name.find("embedding") == std::string::npos;
    items.push_back({named.value(), named.value().dim() >= 2 && is_linear});
  }
  std::stable_partition(items.begin(), items.end(), [](const Item& item) { return item.decays; });
  int64_t count = 0;
  for (const auto& item : items) {
    count += item.tensor.numel();
    if (item.decays) decayed_ = count;
  }
  const auto options = items.empty() ? torch::TensorOptions() : items.front().tensor.options().requires_grad(false);
  values_ = torch::empty({count}, options);
  gradients_ = torch::zeros({count}, options);
  int64_t at = 0;
  for (auto& item : items) {
    const int64_t size = item.tensor.numel();
    const Tensor view = values_.narrow(0, at, size).view(item.tensor.sizes());
    view.copy_(item.tensor);
    item.tensor.set_data(view);
    item.tensor.mutable_grad() = gradients_.narrow(0, at, size).view(item.tensor.sizes());
    at += size;
    parameters_.push_back(item.tensor);
  }
}

void FlatParameters::changed() {
  for (const auto& parameter : parameters_) parameter.unsafeGetTensorImpl()->bump_version();
}

}  // namespace difflm
