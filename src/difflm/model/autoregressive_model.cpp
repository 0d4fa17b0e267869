#include "difflm/model/autoregressive_model.h"

#include "difflm/nn/attention.h"
#include "difflm/nn/autocast.h"

namespace difflm {

void AutoregressiveModel::Options::describe(OptionVisitor& visitor) {
  visitor.field("width", width, "size of the hidden state", {1, 16384});
  visitor.field("layers", layers, "blocks", {1, 256});
  visitor.field("heads", heads, "attention heads", {1, 256});
  visitor.field("dropout", dropout, "dropped share of block outputs and attention weights", {0, 0.9});
}

AutoregressiveModel::AutoregressiveModel(const Options& options, const ModelSource& source) : max_length_(source.max_length) {
  const TransformerShape shape = {options.width, options.layers, options.heads, 4 * options.width, options.dropout, 1e-5, true};
  shape.check("model.autoregressive");
  embedding_ = register_module("embedding", torch::nn::Embedding(source.tokenizer->size(), options.width));
  torch::nn::init::normal_(embedding_->weight, 0, 0.02);  // tied to the output: logits start near uniform
  if (read_options<LabelOptions>(*source.config, "model").labels) {
    labels_ = register_module("labels", std::make_shared<LabelEmbedding>(source.labels, options.width, 0.02));
  }
  position_ =
      register_module("position", std::make_shared<PositionSum>(std::vector<std::string>{"rotary"}, *source.config,
                                                                PositionShape{options.width, options.heads, max_length_ + 1}));
  blocks_ = register_module("blocks", std::make_shared<Transformer>(shape));
}

Tensor AutoregressiveModel::embedded(const Tensor& inputs, const Tensor& labels) {
  const Tensor words = embedding_->forward(inputs);
  return labels_ && labels.defined() ? words + labels_->forward(labels).unsqueeze(1) : words;
}

Tensor AutoregressiveModel::hidden(const Tensor& embedded) {
  const Tensor bias = causal_bias(embedded.size(1), embedded.device());
  count_evaluations(embedded);
  return blocks_->forward(embedded, bias, *position_);
}

Tensor AutoregressiveModel::logits(const Tensor& inputs, const Tensor& labels) {
  const Autocast scope(autocast(), inputs.device());
  return multiply_(hidden(embedded(inputs, labels)), embedding_->weight.t()).to(torch::kFloat32);
}

Tensor AutoregressiveModel::nats(const Tensor& inputs, const Tensor& targets, const Tensor& labels) {
  const Tensor scored = (targets != -100).flatten().nonzero().squeeze(1);  // [N]
  const Tensor words = targets.flatten().index_select(0, scored);
  const Autocast scope(autocast(), inputs.device());
  const Tensor points = hidden(embedded(inputs, labels)).flatten(0, 1).index_select(0, scored);
  Tensor nats;  // [N]
  if (fused_ && FusedSoftmaxHead::is_supported(points, embedding_->weight)) {
    nats = fused_->cross_entropy(points, embedding_->weight, no_bias_, words, false);
  } else {
    const Tensor logits = torch::matmul(points, embedding_->weight.t()).to(torch::kFloat32);
    nats = torch::cross_entropy_loss(logits, words, {}, at::Reduction::None);
  }
  return torch::zeros({targets.numel()}, nats.options()).index_add(0, scored, nats).view_as(targets);
}

void AutoregressiveModel::use_kernels(std::optional<Instructions> level) {
  fused_ = level ? std::make_unique<FusedSoftmaxHead>(*level) : nullptr;
  no_bias_ = level ? torch::zeros({embedding_->weight.size(0)}) : Tensor();
}

Tensor AutoregressiveModel::logits_of_probabilities(const Tensor& words) {
  const Autocast scope(autocast(), words.device());
  const Tensor embedded = torch::matmul(words, embedding_->weight).to(torch::kFloat32);
  return torch::matmul(hidden(embedded), embedding_->weight.t()).to(torch::kFloat32);
}

Tensor AutoregressiveModel::next_logits(const Tensor& inputs, const Tensor& labels) {
  const Autocast scope(autocast(), inputs.device());
  return multiply_(hidden(embedded(inputs, labels)).select(1, -1), embedding_->weight.t()).to(torch::kFloat32);
}

Tensor AutoregressiveModel::states(const Tensor& inputs) {
  const Autocast scope(autocast(), inputs.device());
  return hidden(embedded(inputs, {})).to(torch::kFloat32);
}

NextTokens next_tokens(const Tensor& sequences, Frame frame) {
  const int64_t length = sequences.size(1);
  if (frame == Frame::framed) {
    const Tensor targets = sequences.narrow(1, 1, length - 1);
    return {sequences.narrow(1, 0, length - 1), targets.masked_fill(targets == kPad, -100)};
  }
  const Tensor start = torch::full({sequences.size(0), 1}, kStart, sequences.options());
  if (frame == Frame::stream) return {torch::cat({start, sequences.narrow(1, 0, length - 1)}, 1), sequences};
  return {torch::cat({start, sequences}, 1), torch::cat({sequences, torch::full_like(start, kEnd)}, 1)};
}

NextTokens next_tokens(const Batch& batch, Frame frame) {
  NextTokens next = next_tokens(batch.tokens, frame);
  if (frame != Frame::whole) return next;  // a framed part begins and ends as it does in its text
  for (int64_t row = 0; row < batch.rows(); ++row) {
    const auto at = static_cast<size_t>(row);
    if (batch.first_of(at) > 0) next.targets[row][0].fill_(-100);
    if (!batch.ends_text(at)) next.targets[row][-1].fill_(-100);
  }
  return next;
}

}  // namespace difflm
