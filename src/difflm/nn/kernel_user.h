// A module whose operators the kernels can take over.
#pragma once

#include <optional>

#include "difflm/kernels/processor.h"

namespace difflm {

class KernelUser {
 public:
  virtual ~KernelUser() = default;

  // Kernels of a level, which compute in bfloat16 on a CPU, take the place of LibTorch's operators wherever they know the case;
  // none: nowhere.
  virtual void use_kernels(std::optional<Instructions> level) = 0;
};

}  // namespace difflm
