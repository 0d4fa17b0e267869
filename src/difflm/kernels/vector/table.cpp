// The table of the level that this folder is compiled for (vector_kernels.h).
#include "difflm/kernels/vector_kernels.h"

namespace difflm::DIFFLM_LEVEL {

extern const VectorKernels table;
const VectorKernels table = {.adamw_values = adamw_values,
                             .attention_scratch = attention_scratch,
                             .attend = attend,
                             .attend_backward = attend_backward,
                             .finish_rows = finish_rows,
                             .panel_columns = panel_columns,
                             .pack_panels = pack_panels,
                             .pack_bfloat16_panels = pack_bfloat16_panels,
                             .multiply_panels = multiply_panels,
                             .fold_weight = fold_weight,
                             .fold_weight_backward = fold_weight_backward,
                             .normalise_rows = normalise_rows,
                             .normalise_rows_to_float = normalise_rows_to_float,
                             .normalise_rows_backward = normalise_rows_backward,
                             .normalise_rows_to_float_backward = normalise_rows_to_float_backward,
                             .drop_rows = drop_rows,
                             .add_to_float = add_to_float,
                             .add_column_sums = add_column_sums,
                             .rotate_rows = rotate_rows,
                             .round_to_bfloat16 = round_to_bfloat16,
                             .widen_to_float = widen_to_float,
                             .split_bfloat16 = split_bfloat16,
                             .softmax_loss = softmax_loss,
                             .softmax_loss_backward = softmax_loss_backward,
                             .softmax_rows = softmax_rows,
                             .softmax_best = softmax_best};

}  // namespace difflm::DIFFLM_LEVEL
