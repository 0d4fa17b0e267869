#include "difflm/steering/guide/attribute.h"
#include "difflm/steering/wish_labels.h"

namespace difflm {
namespace {

std::shared_ptr<ClassifierModel> classifier_of(const std::string& folder, const GuideSource& source) {
  check_has_fields(source.run, source.resources, "attribute");
  return source.resources.reader<ClassifierModel>(folder, source.run, "attribute");
}

}  // namespace

AttributeGuide::AttributeGuide(const Options& options, const GuideSource& source)
    : Guide(options),
      classifier_(classifier_of(options.classifier, source)),
      wanted_(read_wished_labels(source.wish, classifier_->labels(), "attribute")) {}

Tensor AttributeGuide::log_probability(const GuideView& view) const {
  const Tensor& read = classifier_->base().reads_latents() ? view.x_t : view.x0;
  const Tensor u = torch::full({read.size(0)}, view.u, torch::TensorOptions().dtype(torch::kFloat64).device(read.device()));
  const Tensor log_has = classifier_->classify(read, u).log_has;
  return log_has.index_select(1, torch::tensor(wanted_, torch::kInt64).to(read.device())).sum(1);
}

std::optional<bool> AttributeGuide::fulfilled_by(const Document& document, std::span<const Token>) const {
  return has_labels(document, wanted_, classifier_->labels());
}

}  // namespace difflm
