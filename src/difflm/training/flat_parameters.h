// All parameters of a module as views into one flat tensor, and their gradients into another.
//
// The optimiser, gradient clipping and averaging are then a handful of operations over contiguous memory instead of a loop over
// hundreds of small tensors, and a checkpoint of their state is one tensor each.
#pragma once

#include <string>
#include <vector>

#include "difflm/nn/torch.h"

namespace difflm {

class FlatParameters {
 public:
  // Rebinds the parameters of `module` (which must be on its device already). Weights inside transformer blocks come first, those
  // of one shape together, then those of other linear layers; biases, norms, embedding and position tables follow, so that weight
  // decay applies to one contiguous part.
  explicit FlatParameters(torch::nn::Module& module);

  Tensor& values() { return values_; }        // [N]
  Tensor& gradients() { return gradients_; }  // [N], views of it are the parameters' .grad
  // To be called after writing into `values`, whose memory the parameters share: increments their version counters in LibTorch.
  void changed();
  const std::string& order() const { return order_; }  // names of the parameters in the order of [N], separated by spaces
  int64_t decayed() const { return decayed_; }         // this many of the first values get weight decay
  int64_t inner() const { return inner_; }             // of these, the first so many are the weights inside transformer blocks

  // Views of these weights in a tensor [N], those of one shape together: [K,outputs,inputs].
  std::vector<Tensor> inner_matrices(const Tensor& flat) const;

  // The module's parameters hold `values` instead of their own while `use` runs, for instance averaged weights in validation.
  template <class Use>
  void with_values(const Tensor& values, Use use) {
    const torch::NoGradGuard no_grad;
    const Tensor own = values_.clone();
    const auto set = [&](const Tensor& from) {
      values_.copy_(from);
      changed();
    };
    set(values);
    try {
      use();
    } catch (...) {
      set(own);
      throw;
    }
    set(own);
  }

 private:
  std::vector<Tensor> parameters_;
  Tensor values_;
  Tensor gradients_;
  std::string order_;
  int64_t decayed_ = 0;
  int64_t inner_ = 0;
  std::vector<std::vector<int64_t>> stacks_;  // [K, outputs, inputs] of the inner weights, in order
};

}  // namespace difflm
