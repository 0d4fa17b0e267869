#include "difflm/model/prefix_classifier.h"

#include <fmt/format.h>

#include "difflm/data/prepared.h"
#include "difflm/model/autoregressive_model.h"
#include "difflm/nn/autocast.h"

namespace difflm {
namespace {

const char* const kBaseOption = "model.prefix-classifier.base";

Run open_autoregressive(const std::string& folder) {
  if (folder.empty()) {
    throw usage_error(
        kBaseOption, "is missing, expected the run folder of an autoregressive model",
        std::string("difflm train configs/prefix-classifier.toml ") + kBaseOption + "=runs/mine -o runs/mine-prefixes");
  }
  Run run = open_run(folder);
  if (dynamic_cast<AutoregressiveModel*>(run.model.get()) == nullptr) {
    throw usage_error(kBaseOption,
                      fmt::format("{} holds a model of kind {}, expected an autoregressive one", folder, run.model->kind()));
  }
  return run;
}

}  // namespace

void PrefixClassifier::Options::describe(OptionVisitor& visitor) {
  visitor.field("base", base, "the run folder of the autoregressive model that it shall steer");
  visitor.field("min_count", min_count, "labels of fewer training texts are left out", {1, 1e9});
  visitor.field("width", width, "size of the hidden state", {1, 16384});
  visitor.field("layers", layers, "blocks", {1, 256});
  visitor.field("heads", heads, "attention heads", {1, 256});
  visitor.field("dropout", dropout, "dropped share of block outputs and attention weights", {0, 0.9});
}

PrefixClassifier::PrefixClassifier(const Options& options, const ModelSource& source)
    : base_(open_autoregressive(options.base)),
      labels_(frequent_labels(read_prepared_documents(prepared_folder(base_.config, base_.folder), "train"), options.min_count)) {
  if (labels_.empty()) {
    throw usage_error(kBaseOption,
                      fmt::format("the texts of {} have no attribute that occurs {} times", base_.folder, options.min_count),
                      "a .jsonl corpus with more fields than \"text\", a .csv with more columns, or the builtin corpus has them");
  }
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
  return fmt::format("{} labels of the texts of {}, for instance {}", labels_.size(), base_.folder, to_text(labels_.front()));
}

Tensor PrefixClassifier::scores(const Tensor& inputs) {
  const Autocast scope(autocast(), inputs.device());
  const Tensor hidden = blocks_->forward(embedding_->forward(inputs), causal_bias(inputs.size(1), inputs.device()), *position_);
  return head_->forward(hidden).to(torch::kFloat32);
}

}  // namespace difflm
