// The one place that includes LibTorch; also the precompiled header.
//
// Everything in difflm keeps to the API that LibTorch 1.13 and 2.x share; what differs between them is in autocast.h.
#pragma once

#include <torch/torch.h>

namespace difflm {
using torch::Tensor;
}  // namespace difflm
