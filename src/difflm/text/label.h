// Labels: short facts about a text, "food=Italian". A field may have several values, and a text several labels.
#pragma once

#include <cstdint>
#include <string>
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

// The labels of a text: "offers" = "tea, cakes" gives two.
std::vector<Label> labels_of(const Document& document);

// Those that at least `min_count` of the texts have, sorted.
std::vector<Label> frequent_labels(const std::vector<Document>& documents, int64_t min_count);

}  // namespace difflm
