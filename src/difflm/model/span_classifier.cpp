#include "difflm/model/span_classifier.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "difflm/nn/autocast.h"
#include "difflm/syntax/tree_spans.h"

namespace difflm {
namespace {

constexpr double kFirstScore = -4;  // at the start nothing is a constituent

std::vector<std::string> frequent_labels(const FrozenBase& base, int64_t min_count) {
  std::map<std::string, int64_t> counts;
  for (const auto& document : base.training_texts()) {
    for (const auto& span : tree_spans(document.tree).spans) ++counts[span.label];
  }
  std::vector<std::string> labels;
  for (const auto& [label, count] : counts) {
    if (count >= min_count) labels.push_back(label);
  }
  if (labels.empty()) {
    throw usage_error(base.run().folder, fmt::format("its training texts have no constituent that occurs {} times", min_count),
                      "the builtin corpus has trees; `annotate` parses plain English");
  }
  return labels;
}

Tensor with_one(const Tensor& states) { return torch::cat({states, torch::ones_like(states.narrow(-1, 0, 1))}, -1); }

}  // namespace

SpanClassifier::SpanClassifier(const Options& options, const ModelSource& source)
    : base_(options, "model.span-classifier.base", *source.config), labels_(frequent_labels(base_, options.min_count)) {
  network_ = register_module("network", base_.make_network(*source.config, 2 * options.state));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.dropout));
  const auto count = static_cast<int64_t>(labels_.size());
  Tensor form = torch::randn({count, options.state + 1, options.state + 1}) / static_cast<double>(options.state);
  form.select(1, options.state).select(1, options.state).fill_(kFirstScore);
  form_ = register_parameter("form", form);
  torch::nn::init::normal_(network_->named_parameters()["output.weight"], 0,
                           0.1);  // it starts at zero, where both factors would stay
}

std::string SpanClassifier::note() const {
  return fmt::format("constituents of the texts of {}: {}", base_.run().folder, fmt::join(labels_, " "));
}

Tensor SpanClassifier::logits(const Tensor& read, const Tensor& u) {
  Tensor states;  // [B,T,2H]
  {
    const Autocast scope(autocast(), read.device());
    count_evaluations(read);
    states =
        network_->forward(dropout_->forward(base_.scaled(read, u)), base_.model().process().network_time(u)).to(torch::kFloat32);
  }
  const auto halves = states.chunk(2, -1);
  const Tensor first = with_one(halves[0]).unsqueeze(1);                 // [B,1,T,H+1]
  const Tensor last = with_one(halves[1]).unsqueeze(1).transpose(2, 3);  // [B,1,H+1,T]
  return torch::matmul(torch::matmul(first, form_), last);
}

}  // namespace difflm
