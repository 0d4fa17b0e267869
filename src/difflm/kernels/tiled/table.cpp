// The table of the level that this folder is compiled for (tile_kernels.h).
#include "difflm/kernels/tile_kernels.h"

namespace difflm::DIFFLM_LEVEL {

extern const TileKernels tile_table;
const TileKernels tile_table = {.attention_scratch = attention_scratch,
                                .attend = attend,
                                .attend_backward = attend_backward,
                                .pack_forward = pack_forward,
                                .product_scratch = product_scratch,
                                .multiply_share = multiply_share,
                                .pack_gradient_left = pack_gradient_left,
                                .pack_gradient_right = pack_gradient_right,
                                .weight_gradient_share = weight_gradient_share};

}  // namespace difflm::DIFFLM_LEVEL
