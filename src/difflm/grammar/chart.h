// A chart parser: the most probable derivation of a list of words, or none when the grammar does not derive them.
//
// Bottom-up dynamic programming over spans (Younger 1967) with rules of any length: all right-hand sides share one trie, whose
// nodes take the place of dotted rules, and unary chains are closed within a span. Exact for every grammar without empty rules,
// O(n^3) in the number of words.
#pragma once

#include <cstdint>
#include <vector>

#include "difflm/grammar/grammar_compiler.h"

namespace difflm {

class Chart {
 public:
  explicit Chart(const CompiledGrammar& grammar);

  // `candidates[i]` are the terminals that word i may stand for. The result is a leftmost derivation, the indices of its rules
  // in preorder; empty when there is none.
  std::vector<int> best_derivation(const std::vector<std::vector<int>>& candidates) const;

 private:
  struct Edge {
    int symbol, node;
  };
  struct Node {
    std::vector<Edge> edges;    // to the nodes one symbol further
    std::vector<int> finished;  // rules whose right-hand side ends here
  };
  class Spans;

  std::vector<Node> nodes_;              // all except the root
  std::vector<int> first_node_;          // of each symbol: the node of a right-hand side that begins with it, or -1
  std::vector<int> heads_;               // of each rule
  std::vector<double> log_probability_;  // of each rule
  int symbols_ = 0;
  int start_ = 0;
};

}  // namespace difflm
