#include "difflm/steering/wish_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "difflm/core/error.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

int64_t find_label(const std::vector<Label>& labels, const std::string& field, const std::string& value,
                   const std::string& option) {
  const auto found = std::find(labels.begin(), labels.end(), Label{field, value});
  if (found != labels.end()) return found - labels.begin();
  std::set<std::string> fields;
  std::vector<std::string> values;
  for (const auto& label : labels) {
    fields.insert(label.field);
    if (label.field == field) values.push_back(label.value);
  }
  if (values.empty()) {
    throw usage_error(option, fmt::format("there is no field '{}'", field),
                      suggestion(field, std::vector<std::string>(fields.begin(), fields.end())));
  }
  throw usage_error(option, fmt::format("'{}' has no value '{}' that the model knows", field, value), suggestion(value, values));
}

}  // namespace

void check_has_fields(const Run& run, GuideResources& resources, const std::string& option) {
  const auto& texts = resources.documents();
  if (!run.corpus.labels.empty() || texts.empty()) return;
  if (std::any_of(texts.begin(), texts.end(), [](const Document& text) { return !text.attributes.empty(); })) return;
  throw usage_error(option, fmt::format("the texts of {} have no fields, so there is nothing to ask for", run.folder), kLabelHint);
}

std::vector<int64_t> read_wished_labels(const std::string& wish, const std::vector<Label>& labels, const std::string& option) {
  std::vector<int64_t> wanted;
  const auto known = [&](const std::string& text) {
    return std::any_of(labels.begin(), labels.end(), [&](const Label& label) { return to_text(label) == text; });
  };
  for (const auto& one : wished_labels(wish, known)) {
    const size_t equals = one.find('=');
    if (equals == std::string::npos) throw usage_error(option, fmt::format("is '{}', expected field=value", one));
    wanted.push_back(find_label(labels, one.substr(0, equals), one.substr(equals + 1), option));
  }
  return wanted;
}

bool has_labels(const Document& document, const std::vector<int64_t>& wanted, const std::vector<Label>& labels) {
  const auto own = labels_of(document);
  return std::all_of(wanted.begin(), wanted.end(), [&](int64_t label) {
    return std::find(own.begin(), own.end(), labels[static_cast<size_t>(label)]) != own.end();
  });
}

}  // namespace difflm
