// A module whose operators the kernels can take over.
#pragma once

#include <optional>

#include "difflm/kernels/processor.h"

namespace difflm {

class KernelUser {
 public:
  virtual ~KernelUser() = default;

  // Kernels of a level, which compute in bfloat16 on a CPU, replace LibTorch's operators in every case that they cover;
  // none: in no case.
  virtual void use_kernels(std::optional<Instructions> level) = 0;
};

}  // namespace difflm
