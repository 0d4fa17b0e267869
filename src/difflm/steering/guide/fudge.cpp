#include "difflm/steering/guide/fudge.h"

#include <fmt/format.h>

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/runtime.h"
#include "difflm/steering/wish_labels.h"

namespace difflm {

FudgeGuide::FudgeGuide(const Options& options, const GuideSource& source)
    : Guide({options.weight}),
      candidates_(options.candidates),
      run_(source.resources.opened(options.classifier, source.run, "prefix-classifier", "fudge")) {
  if (dynamic_cast<AutoregressiveModel*>(source.run.model.get()) == nullptr) {
    throw usage_error("fudge", fmt::format("{} holds a model of kind {}, expected an autoregressive one", source.run.folder,
                                           source.run.model->kind()));
  }
  classifier_ = dynamic_cast<PrefixClassifier*>(run_->model.get());
  use_runtime(read_options<RuntimeOptions>(source.run.config, "runtime"), *classifier_);
  if (!same_words(*run_->tokenizer, *source.run.tokenizer)) {
    throw usage_error("prefix-classifier", run_->folder + " has another vocabulary than the model",
                      "train it with model.prefix-classifier.base=" + source.run.folder);
  }
  wanted_ = read_wished_labels(source.wish, classifier_->labels(), "fudge");
}

Tensor FudgeGuide::next_log_probability(const Tensor& inputs, const Tensor& words) const {
  const int64_t rows = words.size(0);
  const int64_t count = words.size(1);
  const Tensor before = inputs.unsqueeze(1).expand({rows, count, inputs.size(1)});
  const Tensor longer = torch::cat({before, words.unsqueeze(-1)}, -1).flatten(0, 1);  // [B K,T+1]
  const Tensor scores = classifier_->scores(longer).select(1, inputs.size(1));        // [B K,L]
  const Tensor wanted = torch::tensor(wanted_, torch::kInt64).to(scores.device());
  return torch::log_sigmoid(scores.index_select(1, wanted)).sum(1).view({rows, count});
}

}  // namespace difflm
