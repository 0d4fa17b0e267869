// A text of an autoregressive model that will have labels: "food=Italian", or several, "food=Italian, area=riverside".
//
// FUDGE (Yang & Klein 2021, arXiv 2104.05218): the most probable next tokens are weighed by how probable the wish is after each,
//   p(w | tokens before, wish)  proportional to  p(w | tokens before) p(wish | tokens before, w)^weight.
// The baseline against which the steering of diffusion models is measured.
#pragma once

#include "difflm/model/prefix_classifier.h"
#include "difflm/steering/guide.h"

namespace difflm {

class FudgeGuide : public Guide {
 public:
  struct Options {
    double weight = 1;
    int64_t candidates = 50;
    std::string classifier;
    void describe(OptionVisitor& visitor) {
      visitor.field("weight", weight, "power of the wish; 0 changes nothing", {0, 1e4});
      visitor.field("candidates", candidates, "most probable next tokens that are weighed; no others are written", {1, 1e6});
      visitor.field("classifier", classifier, "the run folder of a prefix classifier trained for the model");
    }
  };
  FudgeGuide(const Options& options, const GuideSource& source);

  Tensor log_probability(const GuideView&) const override { return {}; }
  bool has_energy() const override { return false; }
  bool needs_whole_texts() const override { return false; }
  int64_t next_candidates() const override { return strength().weight > 0 ? candidates_ : 0; }
  Tensor next_log_probability(const Tensor& inputs, const Tensor& tokens) const override;
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }  // only a judge can decide

 private:
  int64_t candidates_;
  std::shared_ptr<PrefixClassifier> classifier_;
  std::vector<int64_t> wanted_;  // indices of labels
};

}  // namespace difflm
