// From the constituents that the link-grammar library prints to the trees of difflm (syntax/tree_spans.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

// `constituents`: one line, "(S (NP the cafe.n) (VP is.v (ADJP cheap.a)) .)". `leaves` holds what replaces each word, a
// bracketed node, or "" for none. A node that keeps no word is removed, and so is one above a single node of the same label. Words
// outside all brackets, or more than one root, are put under an S. Nothing where brackets or the number of words do not fit.
std::optional<std::string> tree_of_constituents(std::string_view constituents, const std::vector<std::string>& leaves);

}  // namespace difflm
