// Muon (Jordan 2024): the momentum of a matrix, made orthogonal, is its step, so that all directions are learned equally fast.
//
// With u = nesterov momentum and O(u) the nearest orthogonal matrix (kernels/orthogonalisation.h):
//   w  <-  (1 - rate decay) w - rate 0.2 sqrt(max(rows, columns)) O(u)
// The factor gives steps the size of AdamW's (Liu et al. 2025, arXiv 2502.16982), so that both share one learning rate.
#pragma once

#include <vector>

#include "difflm/kernels/orthogonalisation.h"
#include "difflm/nn/torch.h"

namespace difflm {

// Each of matrices [K,rows,columns] made orthogonal, by kernels on the CPU and by tensor operations elsewhere.
class Orthogonaliser {
 public:
  Tensor operator()(const Tensor& matrices);
  static Tensor by_operators(const Tensor& matrices, torch::Dtype dtype);

 private:
  Orthogonalisation kernel_{best_instructions()};
};

class Muon {
 public:
  // One step of stacks of matrices, each [K,rows,columns]: moves `momentum` and `weights`. `gradient_scale` is the clipping factor.
  void step(const std::vector<Tensor>& gradients, const std::vector<Tensor>& momentum, const std::vector<Tensor>& weights,
            double rate, double weight_decay, double gradient_scale);

 private:
  Orthogonaliser orthogonal_;
};

}  // namespace difflm
