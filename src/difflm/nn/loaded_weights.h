// Whether the weights that the kernels have taken in are still those of the network: a copy in another layout is made once per
// change.
//
// LibTorch counts the changes of a tensor. What writes into a parameter's memory past LibTorch (the optimiser) counts for itself,
// see FlatParameters::changed.
#pragma once

#include <vector>

#include "difflm/nn/torch.h"

namespace difflm {

class LoadedWeights {
 public:
  // True where `weights` differ, by identity or by change, from those of the call before: then they are to be loaded.
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
    Tensor tensor;  // kept, so that no other tensor can come to lie at its address
    int64_t version;
  };
  std::vector<Loaded> loaded_;
};

}  // namespace difflm
