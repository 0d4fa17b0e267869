// The one place that includes LibTorch; also the precompiled header.
//
// Not torch/torch.h: that brings data loaders, optimisers and every module there is, and costs twice the compile time.
// Everything in difflm keeps to the API that LibTorch 1.13 and 2.x share; what differs between them is in autocast.h.
#pragma once

#include <torch/autograd.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>
#include <torch/utils.h>

namespace difflm {
using torch::Tensor;
}  // namespace difflm
