// A text with a given constituency tree, "(S (NP (DET _) (NOUN _)) (VP (AUX _) (ADJ _)) (PUNCT _))": each word is an open place
// with its tag, _ for any.
//
// Its probability is that of a table of constituents (model/span_classifier.h), in which those of the tree are at their places and
// there are no others; its tags have that of guide/part_of_speech.h. The length is exactly that of the tree.
// control.tree.classifier is the run of a span classifier trained for the model.
#pragma once

#include "difflm/steering/guide/part_of_speech.h"
#include "difflm/steering/guide/span.h"

namespace difflm {

class TreeGuide : public Guide {
 public:
  struct Options : GuideStrength {
    Options() { weight = 2; }  // F1 86% on E2E at 1 (experiments/control)
    std::string classifier;
    double tags = 1;
    void describe(OptionVisitor& visitor) {
      GuideStrength::describe(visitor);
      visitor.field("classifier", classifier, "the run folder of a span classifier trained for the model");
      visitor.field("tags", tags, "power of the tags, relative to the constituents", {0, 1e4});
    }
  };
  TreeGuide(const Options& options, const GuideSource& source);

  Tensor log_probability(const GuideView& view) const override;
  int64_t choose_length(int64_t, int64_t) const override { return length_; }
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }  // only a parser can decide

 private:
  SpanReader reader_;
  double tags_weight_;
  int64_t length_ = 0;
  Tensor wanted_;                            // [L,T,T] 1 where a label spans from word to word
  std::unique_ptr<PartOfSpeechGuide> tags_;  // null where the tree has none
};

}  // namespace difflm
