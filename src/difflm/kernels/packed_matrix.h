// A weight [outputs, inputs] in bfloat16 as the products need it: in rows, and laid out for the two directions in which it is used.
#pragma once

#include "difflm/kernels/bfloat16.h"
#include "difflm/kernels/buffer.h"
#include "difflm/kernels/float_panels.h"

namespace difflm {

class PackedMatrix {
 public:
  // Room for the rows, to be filled by the caller; the earlier layouts become invalid.
  Bfloat16* refill(int64_t outputs, int64_t inputs) {
    outputs_ = outputs;
    inputs_ = inputs;
    forward_.is_made = backward_.is_made = forward_floats_.is_made = backward_floats_.is_made = false;
    return rows_.get(outputs * inputs);
  }

  int64_t outputs() const { return outputs_; }
  int64_t inputs() const { return inputs_; }
  const Bfloat16* rows() const { return rows_.data(); }
  int64_t reallocations() const {
    return rows_.reallocations() + forward_.values.reallocations() + backward_.values.reallocations() +
           forward_floats_.values.reallocations() + backward_floats_.values.reallocations();
  }

 private:
  friend class Products;

  template <class Values>
  struct Form {
    Values values;
    bool is_made = false;
  };

  int64_t outputs_ = 0;
  int64_t inputs_ = 0;
  Buffer<Bfloat16> rows_;
  // Each made when first used.
  Form<Buffer<Bfloat16>> forward_;    // tiles of the transpose
  Form<Buffer<Bfloat16>> backward_;   // tiles
  Form<FloatPanels> forward_floats_;  // the same where products are made in float32
  Form<FloatPanels> backward_floats_;
};

}  // namespace difflm
