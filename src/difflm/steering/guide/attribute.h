// A text that expresses attributes: "food=Italian", or several, "food=Italian, area=riverside".
//
// By a classifier that was trained for the model, see model/classifier_model.h; control.attribute.classifier is its run.
#pragma once

#include "difflm/model/classifier_model.h"
#include "difflm/steering/guide.h"

namespace difflm {

class AttributeGuide : public Guide {
 public:
  struct Options : GuideStrength {
    Options() { weight = 3; }  // 95% of attributes; 98% and less varied text at 4 (experiments/control)
    std::string classifier;
    void describe(OptionVisitor& visitor) {
      GuideStrength::describe(visitor);
      visitor.field("classifier", classifier, "the run folder of a classifier trained for the model");
    }
  };
  AttributeGuide(const Options& options, const GuideSource& source);

  Tensor log_probability(const GuideView& view) const override;
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }  // only a judge can decide
  std::optional<bool> fulfilled_by(const Document& document, std::span<const Token>) const override;

 private:
  std::shared_ptr<ClassifierModel> classifier_;
  std::vector<int64_t> wanted_;  // indices of labels
};

}  // namespace difflm
