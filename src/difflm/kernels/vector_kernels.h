// The functions of folder vector/ in one level of instructions (processor.h), as a table; see its header for what each does.
#pragma once

#include "difflm/kernels/processor.h"
#include "difflm/kernels/vector/adamw_values.h"
#include "difflm/kernels/vector/attention.h"
#include "difflm/kernels/vector/finish_rows.h"
#include "difflm/kernels/vector/float_product.h"
#include "difflm/kernels/vector/folded_weight.h"
#include "difflm/kernels/vector/layer_norm.h"
#include "difflm/kernels/vector/residual.h"
#include "difflm/kernels/vector/rotary.h"
#include "difflm/kernels/vector/rounding.h"
#include "difflm/kernels/vector/softmax_rows.h"

namespace difflm {

struct VectorKernels {
  decltype(&DIFFLM_LEVEL::adamw_values) adamw_values;
  decltype(&DIFFLM_LEVEL::attention_scratch) attention_scratch;
  decltype(&DIFFLM_LEVEL::attend) attend;
  decltype(&DIFFLM_LEVEL::attend_backward) attend_backward;
  decltype(&DIFFLM_LEVEL::finish_rows) finish_rows;
  decltype(&DIFFLM_LEVEL::panel_columns) panel_columns;
  decltype(&DIFFLM_LEVEL::pack_panels) pack_panels;
  decltype(&DIFFLM_LEVEL::pack_bfloat16_panels) pack_bfloat16_panels;
  decltype(&DIFFLM_LEVEL::multiply_panels) multiply_panels;
  decltype(&DIFFLM_LEVEL::fold_weight) fold_weight;
  decltype(&DIFFLM_LEVEL::fold_weight_backward) fold_weight_backward;
  decltype(&DIFFLM_LEVEL::normalise_rows) normalise_rows;
  decltype(&DIFFLM_LEVEL::normalise_rows_to_float) normalise_rows_to_float;
  decltype(&DIFFLM_LEVEL::normalise_rows_backward) normalise_rows_backward;
  decltype(&DIFFLM_LEVEL::normalise_rows_to_float_backward) normalise_rows_to_float_backward;
  decltype(&DIFFLM_LEVEL::drop_rows) drop_rows;
  decltype(&DIFFLM_LEVEL::add_to_float) add_to_float;
  decltype(&DIFFLM_LEVEL::add_column_sums) add_column_sums;
  decltype(&DIFFLM_LEVEL::rotate_rows) rotate_rows;
  decltype(&DIFFLM_LEVEL::round_to_bfloat16) round_to_bfloat16;
  decltype(&DIFFLM_LEVEL::widen_to_float) widen_to_float;
  decltype(&DIFFLM_LEVEL::split_bfloat16) split_bfloat16;
  decltype(&DIFFLM_LEVEL::softmax_loss) softmax_loss;
  decltype(&DIFFLM_LEVEL::softmax_loss_backward) softmax_loss_backward;
  decltype(&DIFFLM_LEVEL::softmax_rows) softmax_rows;
  decltype(&DIFFLM_LEVEL::softmax_best) softmax_best;
};

// The processor must offer `level`.
const VectorKernels& vector_kernels(Instructions level);

}  // namespace difflm
