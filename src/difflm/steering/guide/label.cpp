#include "difflm/steering/guide/label.h"

#include <fmt/format.h>

#include "difflm/model/model_as.h"
#include "difflm/model/writer.h"
#include "difflm/steering/wish_labels.h"

namespace difflm {

LabelGuide::LabelGuide(const Options& options, const GuideSource& source) : Guide({options.weight}) {
  check_has_fields(source.run, source.resources, "label");
  const auto embedding = model_as<Writer>(source.run.model, source.run.folder, "label")->label_embedding();
  if (!embedding) {
    throw usage_error("label", fmt::format("{} holds a model that was not trained to be told labels", source.run.folder),
                      "train one with model.labels=true, or steer this one by `attribute` and a classifier");
  }
  labels_ = embedding->labels();
  wanted_ = read_wished_labels(source.wish, labels_, "label");
}

std::optional<bool> LabelGuide::fulfilled_by(const Document& document, std::span<const Token>) const {
  return has_labels(document, wanted_, labels_);
}

}  // namespace difflm
