#include "difflm/training/flat_parameters.h"

#include <algorithm>

namespace difflm {

FlatParameters::FlatParameters(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  struct Item {
    std::string name;
    Tensor tensor;
    bool decays;
    bool is_inner;
  };
  std::vector<Item> items;
  for (const auto& named : module.named_parameters()) {
    const std::string& name = named.key();
    const bool is_linear = name.ends_with("weight") && name.find("embedding") == std::string::npos;
    const bool decays = named.value().dim() >= 2 && is_linear;
    items.push_back({name, named.value(), decays, decays && name.find("block") != std::string::npos});
  }
  const auto others = std::stable_partition(items.begin(), items.end(), [](const Item& item) { return item.is_inner; });
  std::stable_partition(others, items.end(), [](const Item& item) { return item.decays; });
  // Weights of one shape next to one another, so that they can be handled as one stack.
  std::stable_sort(items.begin(), others,
                   [](const Item& a, const Item& b) { return a.tensor.sizes().vec() < b.tensor.sizes().vec(); });
  for (auto item = items.begin(); item != others; ++item) {
    inner_ += item->tensor.numel();
    const auto shape = item->tensor.sizes();
    if (stacks_.empty() || stacks_.back()[1] != shape[0] || stacks_.back()[2] != shape[1])
      stacks_.push_back({0, shape[0], shape[1]});
    ++stacks_.back()[0];
  }
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
    order_ += (order_.empty() ? "" : " ") + item.name;
  }
}

std::vector<Tensor> FlatParameters::inner_matrices(const Tensor& flat) const {
  std::vector<Tensor> result;
  int64_t at = 0;
  for (const auto& stack : stacks_) {
    const int64_t size = stack[0] * stack[1] * stack[2];
    result.push_back(flat.narrow(0, at, size).view(stack));
    at += size;
  }
  return result;
}

void FlatParameters::changed() {
  for (const auto& parameter : parameters_) parameter.unsafeGetTensorImpl()->bump_version();
}

}  // namespace difflm
