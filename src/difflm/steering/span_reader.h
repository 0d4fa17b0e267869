// The classifier of constituents as guides use it: which labels a partially denoised text has between which words.
#pragma once

#include "difflm/model/span_classifier.h"
#include "difflm/steering/guide.h"

namespace difflm {

class SpanReader {
 public:
  // The run `classifier`, for the wish `option`. Throws a usage error as GuideResources::reader does.
  SpanReader(const std::string& classifier, const GuideSource& source, const std::string& option);

  // Index of `label`. Throws a usage error for one that the classifier does not know.
  int64_t label(const std::string& label) const;

  int64_t labels() const { return static_cast<int64_t>(classifier_->labels().size()); }

  // Logits [B,L,T,T] of each label between first and last word; the probability is their sigmoid.
  Tensor logits(const GuideView& view) const;

 private:
  std::string option_;
  std::shared_ptr<SpanClassifier> classifier_;
};

}  // namespace difflm
