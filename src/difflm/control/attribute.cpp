#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "difflm/control/guide/attribute.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

int64_t find_label(const std::vector<Label>& labels, const std::string& field, const std::string& value) {
  const auto found = std::find(labels.begin(), labels.end(), Label{field, value});
  if (found != labels.end()) return found - labels.begin();
  std::set<std::string> fields;
  std::vector<std::string> values;
  for (const auto& label : labels) {
    fields.insert(label.field);
    if (label.field == field) values.push_back(label.value);
  }
  if (values.empty()) {
    throw usage_error("--attribute", fmt::format("there is no field '{}'", field),
                      suggestion(field, std::vector<std::string>(fields.begin(), fields.end())));
  }
  throw usage_error("--attribute", fmt::format("'{}' has no value '{}' that the classifier knows", field, value),
                    suggestion(value, values));
}

}  // namespace

AttributeGuide::AttributeGuide(const Options& options, const GuideSource& source)
    : Guide(options), run_(source.resources.classifier(options.classifier, source.run, "classifier", "--attribute")) {
  classifier_ = dynamic_cast<ClassifierModel*>(run_->model.get());
  for (const auto& one : split_list(source.wish, ", ")) {
    const size_t equals = one.find('=');
    if (equals == std::string::npos) throw usage_error("--attribute", fmt::format("is '{}', expected field=value", one));
    wanted_.push_back(find_label(classifier_->labels(), one.substr(0, equals), one.substr(equals + 1)));
  }
}

Tensor AttributeGuide::log_probability(const GuideView& view) const {
  const Tensor& read = classifier_->base().reads_latents() ? view.x_t : view.x0;
  const Tensor u = torch::full({read.size(0)}, view.u, torch::TensorOptions().dtype(torch::kFloat64).device(read.device()));
  const Tensor log_has = classifier_->classify(read, u).log_has;
  return log_has.index_select(1, torch::tensor(wanted_, torch::kInt64).to(read.device())).sum(1);
}

std::optional<bool> AttributeGuide::held_by(const Document& document, std::span<const Token>) const {
  const auto labels = labels_of(document);
  return std::all_of(wanted_.begin(), wanted_.end(), [&](int64_t label) {
    return std::find(labels.begin(), labels.end(), classifier_->labels()[static_cast<size_t>(label)]) != labels.end();
  });
}

}  // namespace difflm
