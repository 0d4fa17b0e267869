// The functions of folder tiled/ in one level of instructions (processor.h), as a table; see its header for what each does. For
// attention that is vector/attention.h: the same functions, in products of tiles, with the weights and the gradients of the scores
// rounded to bfloat16 before they are multiplied, as LibTorch under autocast does; scratch must start at a multiple of 64 bytes.
#pragma once

#include "difflm/kernels/processor.h"
#include "difflm/kernels/tiled/product.h"
#include "difflm/kernels/vector/attention.h"

namespace difflm {

struct TileKernels {
  decltype(&DIFFLM_LEVEL::attention_scratch) attention_scratch;
  decltype(&DIFFLM_LEVEL::attend) attend;
  decltype(&DIFFLM_LEVEL::attend_backward) attend_backward;
  decltype(&DIFFLM_LEVEL::pack_forward) pack_forward;
  decltype(&DIFFLM_LEVEL::product_scratch) product_scratch;
  decltype(&DIFFLM_LEVEL::multiply_share) multiply_share;
  decltype(&DIFFLM_LEVEL::pack_gradient_left) pack_gradient_left;
  decltype(&DIFFLM_LEVEL::pack_gradient_right) pack_gradient_right;
  decltype(&DIFFLM_LEVEL::weight_gradient_share) weight_gradient_share;
};

// Null where `level` has no products in bfloat16; else the processor must offer it.
const TileKernels* tile_kernels(Instructions level);

}  // namespace difflm
