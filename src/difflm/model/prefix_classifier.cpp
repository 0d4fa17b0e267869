#include "difflm/model/prefix_classifier.h"

#include <fmt/format.h>

#include "difflm/model/run_folder.h"
#include "difflm/model/runtime.h"
#include "difflm/nn/attention.h"
#include "difflm/nn/autocast.h"

namespace difflm {

void PrefixClassifier::Options::describe(OptionVisitor& visitor) {
  ReaderOptions::describe(visitor);
  visitor.field("width", width, "size of the hidden state", {1, 16384});
  visitor.field("layers", layers, "blocks", {1, 256});
  visitor.field("heads", heads, "attention heads", {1, 256});
  visitor.field("dropout", dropout, "dropped share of block outputs and attention weights", {0, 0.9});
}

PrefixClassifier::PrefixClassifier(const Options& options, const ModelSource& source)
    : base_(options.base), labels_(source.labels) {
  if (options.base.empty()) {
    throw usage_error("model.prefix-classifier.base", "is missing, expected the run folder of an autoregressive model",
                      "for instance model.prefix-classifier.base=runs/mine");
  }
  if (labels_.empty()) throw no_labels("model.prefix-classifier.base");
  const TransformerShape shape = {options.width, options.layers, options.heads, 4 * options.width, options.dropout, 1e-5, true};
  shape.check("model.prefix-classifier");
  embedding_ = register_module("embedding", torch::nn::Embedding(source.tokenizer->size(), options.width));
  position_ = register_module("position",
                              std::make_shared<PositionSum>(std::vector<std::string>{"rotary"}, *source.config,
                                                            PositionShape{options.width, options.heads, source.max_length + 2}));
  blocks_ = register_module("blocks", std::make_shared<Transformer>(shape));
  head_ = register_module("head", torch::nn::Linear(options.width, static_cast<int64_t>(labels_.size())));
}

std::string PrefixClassifier::note() const {
  return fmt::format("{} labels, for instance {}", labels_.size(), to_text(labels_.front()));
}

// Any model with the same vocabulary can be steered: what a text will express depends on its tokens so far, whoever wrote them.
void PrefixClassifier::prepare_to_steer(const Run& steered, const std::string&) {
  use_runtime(read_options<RuntimeOptions>(steered.config, "runtime"), *this);
}

Tensor PrefixClassifier::logits(const Tensor& inputs) {
  const Autocast scope(autocast(), inputs.device());
  count_evaluations(inputs);
  const Tensor hidden = blocks_->forward(embedding_->forward(inputs), causal_bias(inputs.size(1), inputs.device()), *position_);
  return head_->forward(hidden).to(torch::kFloat32);
}

}  // namespace difflm
