// A text that has labels which the model was trained to write by: "food=Italian", or several, "food=Italian, area=riverside".
//
// No gradient is needed: the model is conditioned on the labels (model/label_embedding.h). The weight is the scale of classifier-
// free guidance (Ho & Salimans 2022). At 1 the model writes as it was trained; above 1 its output is moved further in the direction
// in which the labels move it, at two passes of the network instead of one. Autoregressive models can be conditioned likewise.
#pragma once

#include "difflm/steering/guide.h"

namespace difflm {

class LabelGuide : public Guide {
 public:
  struct Options {
    double weight = 3;  // 99.9% of attributes instead of 93% at 1, texts as varied, at twice the passes (experiments/control)
    void describe(OptionVisitor& visitor) {
      visitor.field("weight", weight, "classifier-free guidance: 0 ignores labels, 1 as trained, more exaggerates", {0, 100});
    }
  };
  LabelGuide(const Options& options, const GuideSource& source);

  Tensor log_probability(const GuideView&) const override { return {}; }
  bool has_energy() const override { return false; }
  bool needs_whole_texts() const override { return false; }
  Condition condition() const override { return {wanted_, strength().weight}; }
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }  // only a judge can decide
  std::optional<bool> fulfilled_by(const Document& document, std::span<const Token>) const override;

 private:
  std::vector<Label> labels_;    // all that the model knows
  std::vector<int64_t> wanted_;  // indices of these
};

}  // namespace difflm
