#include "difflm/syntax/link_grammar_tree.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace difflm {
namespace {

struct UnclosedNode {
  std::string label;
  std::vector<std::string> parts;
};

std::string closed(const UnclosedNode& node) {
  if (node.parts.empty()) return "";
  if (node.parts.size() == 1 && node.parts.front().starts_with("(" + node.label + " ")) return node.parts.front();
  return fmt::format("({} {})", node.label, fmt::join(node.parts, " "));
}

}  // namespace

std::optional<std::string> tree_of_constituents(std::string_view constituents, const std::vector<std::string>& leaves) {
  std::vector<UnclosedNode> open = {{"S", {}}};
  const auto add = [&open](const std::string& part) {
    if (!part.empty()) open.back().parts.push_back(part);
  };
  size_t words = 0;
  for (size_t at = constituents.find_first_not_of(" \n"); at < constituents.size();
       at = constituents.find_first_not_of(" \n", at)) {
    if (constituents[at] == ')') {
      if (open.size() == 1) return std::nullopt;
      const std::string node = closed(open.back());
      open.pop_back();
      add(node);
      ++at;
      continue;
    }
    const bool opens = constituents[at] == '(';
    const size_t start = opens ? at + 1 : at;
    at = std::min(constituents.find_first_of(" \n()", start), constituents.size());
    if (opens) {
      if (at == start) return std::nullopt;
      open.push_back({std::string(constituents.substr(start, at - start)), {}});
    } else {
      if (words == leaves.size()) return std::nullopt;
      add(leaves[words++]);
    }
  }
  if (open.size() != 1 || words != leaves.size() || open.front().parts.empty()) return std::nullopt;
  // A lone root keeps its own label.
  const auto& roots = open.front().parts;
  return roots.size() == 1 ? roots.front() : closed(open.front());
}

}  // namespace difflm
