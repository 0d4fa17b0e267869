#include "difflm/text/label.h"

#include <map>

#include "difflm/core/names.h"

namespace difflm {

std::vector<Label> labels_of(const Document& document) {
  std::vector<Label> labels;
  for (const auto& [field, values] : document.attributes) {
    for (auto& value : split_list(values, ", ")) {
      if (!value.empty()) labels.push_back({field, std::move(value)});
    }
  }
  return labels;
}

std::vector<Label> frequent_labels(const std::vector<Document>& documents, int64_t min_count) {
  std::map<Label, int64_t> counts;
  for (const auto& document : documents) {
    for (const auto& label : labels_of(document)) ++counts[label];
  }
  std::vector<Label> labels;
  for (const auto& [label, count] : counts) {
    if (count >= min_count) labels.push_back(label);
  }
  return labels;
}

}  // namespace difflm
