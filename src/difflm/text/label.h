// Labels: short facts about a text, "food=Italian". A field may have several values, and a text several labels.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "difflm/text/document.h"

namespace difflm {

struct Label {
  std::string field;
  std::string value;
  auto operator<=>(const Label&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 sees a 0 that is not there
};

// Which corpora have labels, for messages.
inline constexpr const char* kLabelHint =
    "a .jsonl corpus with more fields than \"text\", a .csv with more columns, or the builtin corpus has them";

// "food=Italian"
inline std::string to_text(const Label& label) { return label.field + "=" + label.value; }

// A value as an attribute of a document holds it: its own ", " becomes "\, ", so that "Arts, Culture & Travel" is one value, while
// "tea, cakes" is a list of two.
std::string attribute_value(std::string_view value);

// The labels that `wish` names, "food=Italian, area=riverside", cut at the commas that separate labels: of several readings the one
// with the longest labels that are `known`.
std::vector<std::string> wished_labels(std::string_view wish, const std::function<bool(const std::string&)>& known);

// The labels of a text: the list "offers" = "tea, cakes" gives two.
std::vector<Label> labels_of(const Document& document);

// Those that at least `min_count` of the texts have, sorted.
std::vector<Label> frequent_labels(const std::vector<Document>& documents, int64_t min_count);

}  // namespace difflm
