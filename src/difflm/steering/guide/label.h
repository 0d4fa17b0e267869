// A text that has labels which the model was trained to be told: "food=Italian", or several, "food=Italian, area=riverside".
//
// Nothing pulls: the model is told and writes accordingly (model/label_embedding.h). The weight is classifier-free guidance (Ho &
// Salimans 2022): 1 is what the model learned, more moves its scores further the way that telling moves them, at two passes of the
// network for one. Autoregressive models can be told likewise.
#pragma once

#include "difflm/steering/guide.h"

namespace difflm {

class LabelGuide : public Guide {
 public:
  struct Options {
    double weight = 3;  // 99.9% of attributes for 93% at 1, and texts as varied, at twice the passes (experiments/control)
    void describe(OptionVisitor& visitor) {
      visitor.field("weight", weight, "classifier-free guidance: 0 tells nothing, 1 as trained, more overdoes it", {0, 100});
    }
  };
  LabelGuide(const Options& options, const GuideSource& source);

  Tensor log_probability(const GuideView&) const override { return {}; }
  bool has_energy() const override { return false; }
  bool needs_whole_texts() const override { return false; }
  Condition condition() const override { return {wanted_, strength().weight}; }
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }  // only a judge can say
  std::optional<bool> fulfilled_by(const Document& document, std::span<const Token>) const override;

 private:
  std::vector<Label> labels_;    // all that the model knows
  std::vector<int64_t> wanted_;  // indices of these
};

}  // namespace difflm
