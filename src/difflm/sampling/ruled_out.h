// Tokens that are never drawn, whatever the model believes: <unk>, which a text cannot hold, and the marks that have no place in a
// sequence of its kind. Training texts keep their unknown words; what is written has none.
#pragma once

#include <vector>

#include "difflm/data/packing.h"
#include "difflm/model/diffusion_model.h"

namespace difflm {

// A framed sequence consists of START, a text, END and PAD; a stream has END between texts; a whole text has no mark.
inline std::vector<int64_t> never_drawn(Frame frame) {
  if (frame == Frame::framed) return {kUnknown};
  if (frame == Frame::stream) return {kStart, kUnknown, kPad};
  return {kStart, kEnd, kUnknown, kPad};
}

// Rules them out in `model` for its own lifetime.
class RuledOut {
 public:
  RuledOut(DiffusionModel& model, const Tensor& table, Frame frame) : model_(model), table_(table) {
    model.rule_out(never_drawn(frame), table);
  }
  ~RuledOut() { model_.rule_out({}, table_); }
  RuledOut(const RuledOut&) = delete;
  RuledOut& operator=(const RuledOut&) = delete;

 private:
  DiffusionModel& model_;
  Tensor table_;
};

}  // namespace difflm
