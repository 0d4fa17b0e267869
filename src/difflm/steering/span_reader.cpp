#include "difflm/steering/span_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace difflm {

SpanReader::SpanReader(const std::string& classifier, const GuideSource& source, const std::string& option)
    : option_(option), classifier_(source.resources.reader<SpanClassifier>(classifier, source.run, option)) {}

int64_t SpanReader::label(const std::string& label) const {
  const auto& known = classifier_->labels();
  const auto found = std::find(known.begin(), known.end(), label);
  if (found == known.end()) {
    throw usage_error(option_, fmt::format("'{}' is no constituent that the classifier knows", label), suggestion(label, known));
  }
  return found - known.begin();
}

Tensor SpanReader::logits(const GuideView& view) const {
  const Tensor& read = classifier_->base().reads_latents() ? view.x_t : view.x0;
  const Tensor u = torch::full({read.size(0)}, view.u, torch::TensorOptions().dtype(torch::kFloat64).device(read.device()));
  return classifier_->logits(read, u);
}

}  // namespace difflm
