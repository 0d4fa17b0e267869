#include "difflm/model/label_embedding.h"

#include <fmt/format.h>

namespace difflm {

Error no_labels(const std::string& option) {
  return usage_error(option, "needs texts with labels, and no label occurs in ten training texts",
                     fmt::format("{}; a corpus prepared by an older difflm must be prepared again", kLabelHint));
}

LabelEmbedding::LabelEmbedding(std::vector<Label> labels, int64_t channels, double stddev) : labels_(std::move(labels)) {
  if (labels_.empty()) throw no_labels("model.labels");
  table_ = register_parameter("table", torch::randn({static_cast<int64_t>(labels_.size()), channels}) * stddev);
}

}  // namespace difflm
