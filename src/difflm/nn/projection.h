// A linear layer [..., inputs] -> [..., outputs], as at the two ends of a network. The kernels save the casts to bfloat16 and
// back, which LibTorch's mixed precision makes as separate operators.
#pragma once

#include <memory>

#include "difflm/nn/kernel_user.h"
#include "difflm/nn/torch.h"

namespace difflm {

class Projection : public torch::nn::LinearImpl, public KernelUser {
 public:
  Projection(int64_t inputs, int64_t outputs);
  ~Projection() override;

  // Under kernels the result is float32. Hides that of LinearImpl, which is not virtual.
  Tensor forward(const Tensor& features);

  void use_kernels(std::optional<Instructions> level) override;

  struct Kernels;

 private:
  std::shared_ptr<Kernels> kernels_;  // null without kernels; shared with graphs that wait for their backward pass
};

}  // namespace difflm
