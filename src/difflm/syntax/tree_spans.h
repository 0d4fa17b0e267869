// The constituents of a bracketed tree, "(S (NP (DET the) (NOUN cafe)) (VP ...))".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

// Words first .. last, counted from 0, both included.
struct Span {
  std::string label;
  int64_t first = 0;
  int64_t last = 0;
  auto operator<=>(const Span&) const = default;
};

struct TreeSpans {
  std::vector<Span> spans;         // of nodes above the tags, in the order of their brackets; nodes without words are left out
  std::vector<std::string> tags;   // of each word
  std::vector<std::string> words;  // as they occur in the tree
};

// Throws a usage error that says where, for brackets that do not match, a node without a label, or a tag with more than one word.
TreeSpans tree_spans(std::string_view tree);

}  // namespace difflm
