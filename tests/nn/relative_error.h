// How far a tensor is from the expected one, as a share of the latter's norm.
#pragma once

#include <algorithm>

#include "difflm/nn/torch.h"

namespace difflm::test {

inline double relative_error(const Tensor& value, const Tensor& expected) {
  return (value - expected).norm().item<double>() / std::max(1e-6, expected.norm().item<double>());
}

}  // namespace difflm::test
