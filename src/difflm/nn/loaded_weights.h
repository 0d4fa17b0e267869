// Whether the weights that the kernels have loaded are still those of the network: a copy in another layout is made once per
// change.
//
// LibTorch counts the changes of a tensor. Code that writes to a parameter's memory without LibTorch (the optimiser) counts
// its own, see FlatParameters::changed.
#pragma once

#include <vector>

#include "difflm/nn/torch.h"

namespace difflm {

class LoadedWeights {
 public:
  // True where `weights` differ, by identity or by change, from those of the previous call: then they must be loaded.
  bool replace(const std::vector<Tensor>& weights) {
    bool same = weights.size() == loaded_.size();
    for (size_t i = 0; same && i < weights.size(); ++i) {
      same = weights[i].data_ptr() == loaded_[i].tensor.data_ptr() && weights[i].sizes() == loaded_[i].tensor.sizes() &&
             static_cast<int64_t>(weights[i]._version()) == loaded_[i].version;
    }
    if (same) return false;
    loaded_.clear();
    for (const auto& weight : weights) loaded_.push_back({weight.detach(), static_cast<int64_t>(weight._version())});
    return true;
  }

 private:
  struct Loaded {
    Tensor tensor;  // kept, so that no other tensor can reuse its address
    int64_t version;
  };
  std::vector<Loaded> loaded_;
};

}  // namespace difflm
