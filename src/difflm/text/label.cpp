#include "difflm/text/label.h"

#include <map>

#include "difflm/core/names.h"

namespace difflm {
namespace {

constexpr std::string_view kBetween = ", ";  // two values of one attribute, two labels of a wish

}  // namespace

std::string attribute_value(std::string_view value) {
  std::string result(value);
  for (size_t at = result.find(kBetween); at != std::string::npos; at = result.find(kBetween, at + 3)) result.insert(at, 1, '\\');
  return result;
}

std::vector<std::string> wished_labels(std::string_view wish, const std::function<bool(const std::string&)>& known) {
  const auto parts = split_list(wish, kBetween);
  std::vector<std::string> labels;
  for (size_t first = 0; first < parts.size();) {
    size_t end = first + 1;
    std::string label = parts[first];
    std::string longer = label;
    for (size_t last = first + 1; last < parts.size(); ++last) {
      longer += std::string(kBetween) + parts[last];
      if (!known(longer)) continue;
      label = longer;
      end = last + 1;
    }
    labels.push_back(std::move(label));
    first = end;
  }
  return labels;
}

std::vector<Label> labels_of(const Document& document) {
  std::vector<Label> labels;
  for (const auto& [field, values] : document.attributes) {
    const auto parts = split_list(values, kBetween);
    std::string value;
    for (size_t i = 0; i < parts.size(); ++i) {
      value += parts[i];
      if (i + 1 < parts.size() && value.ends_with('\\')) {  // the comma is one of the value's own
        value.pop_back();
        value += kBetween;
        continue;
      }
      if (!value.empty()) labels.push_back({field, std::move(value)});
      value.clear();
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
