// A linear layer [..., inputs] -> [..., outputs], as at the two ends of a network, where the kernels spare the casts to bfloat16
// and back that LibTorch's mixed precision makes as operators of their own.
#pragma once

#include <memory>

#include "difflm/nn/kernel_user.h"
#include "difflm/nn/torch.h"

namespace difflm {

class Projection : public torch::nn::LinearImpl, public KernelUser {
 public:
  Projection(int64_t inputs, int64_t outputs);
  ~Projection() override;

  // Under kernels the result is float32. Shadows that of LinearImpl, which is not virtual.
  Tensor forward(const Tensor& features);

  void use_kernels(std::optional<Instructions> level) override;

  struct Kernels;

 private:
  std::shared_ptr<Kernels> kernels_;  // null without; shared with what waits for its backward pass
};

}  // namespace difflm
