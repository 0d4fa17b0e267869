#include "difflm/steering/guide/fudge.h"

#include "difflm/steering/wish_labels.h"

namespace difflm {
namespace {

std::shared_ptr<PrefixClassifier> prefix_classifier_of(const std::string& folder, const GuideSource& source) {
  check_has_fields(source.run, source.resources, "fudge");
  return source.resources.reader<PrefixClassifier>(folder, source.run, "fudge");
}

}  // namespace

FudgeGuide::FudgeGuide(const Options& options, const GuideSource& source)
    : Guide({options.weight}),
      candidates_(options.candidates),
      classifier_(prefix_classifier_of(options.classifier, source)),
      wanted_(read_wished_labels(source.wish, classifier_->labels(), "fudge")) {}

Tensor FudgeGuide::next_log_probability(const Tensor& inputs, const Tensor& tokens) const {
  const int64_t rows = tokens.size(0);
  const int64_t count = tokens.size(1);
  const Tensor before = inputs.unsqueeze(1).expand({rows, count, inputs.size(1)});
  const Tensor longer = torch::cat({before, tokens.unsqueeze(-1)}, -1).flatten(0, 1);  // [B K,T+1]
  const Tensor logits = classifier_->logits(longer).select(1, inputs.size(1));         // [B K,L]
  const Tensor wanted = torch::tensor(wanted_, torch::kInt64).to(logits.device());
  return torch::log_sigmoid(logits.index_select(1, wanted)).sum(1).view({rows, count});
}

}  // namespace difflm
