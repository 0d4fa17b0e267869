#include "difflm/syntax/tree_spans.h"

#include <fmt/format.h>

#include "difflm/core/error.h"

namespace difflm {
namespace {

constexpr std::string_view kBreaks = " \t\n()";

struct OpenNode {
  std::string label;
  int64_t first = 0;
  bool has_nodes = false;
  bool has_word = false;
  size_t place = 0;  // of its span, in the order of the brackets
};

[[noreturn]] void refuse(std::string_view tree, size_t at, const std::string& what) {
  throw usage_error("tree", fmt::format("{} at character {} of '{}'", what, at + 1, tree),
                    "for instance (S (NP (DET the) (NOUN cafe)) (VP (AUX is)))");
}

}  // namespace

TreeSpans tree_spans(std::string_view tree) {
  TreeSpans result;
  std::vector<OpenNode> open;
  for (size_t at = tree.find_first_not_of(" \t\n"); at < tree.size(); at = tree.find_first_not_of(" \t\n", at)) {
    const auto words = static_cast<int64_t>(result.words.size());
    if (tree[at] == '(') {
      const size_t end = std::min(tree.find_first_of(kBreaks, at + 1), tree.size());
      if (end == at + 1) refuse(tree, at, "a node without a label");
      if (open.empty() && !result.spans.empty()) refuse(tree, at, "a second root");
      if (!open.empty()) {
        if (open.back().has_word) refuse(tree, at, "a node beside a word");
        open.back().has_nodes = true;
      }
      open.push_back({std::string(tree.substr(at + 1, end - at - 1)), words, false, false, result.spans.size()});
      result.spans.push_back({open.back().label, words, words - 1});
      at = end;
    } else if (tree[at] == ')') {
      if (open.empty()) refuse(tree, at, "a bracket that closes nothing");
      const OpenNode node = open.back();
      open.pop_back();
      if (node.has_word) {
        result.tags.push_back(node.label);
        result.spans[node.place].last = -1;  // a tag, not a constituent
      } else {
        result.spans[node.place].last = words - 1;
      }
      ++at;
    } else {
      const size_t end = std::min(tree.find_first_of(kBreaks, at), tree.size());
      if (open.empty() || open.back().has_nodes || open.back().has_word) refuse(tree, at, "a word that is not a tag's only one");
      result.words.emplace_back(tree.substr(at, end - at));
      open.back().has_word = true;
      at = end;
    }
  }
  if (!open.empty()) refuse(tree, tree.size() - 1, "a bracket that is not closed");
  std::erase_if(result.spans, [](const Span& span) { return span.last < span.first; });
  return result;
}

}  // namespace difflm
