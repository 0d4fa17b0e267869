// A grammar as plain weighted context-free rules.
//
// Features take finitely many values, so a rule with features stands for one plain rule for each assignment of values to its
// variables (as in generalised phrase structure grammar, Gazdar et al. 1985), and optional parts for one with and one without.
// The compiled grammar is therefore context-free, and a chart parser decides its language exactly.
#pragma once

#include <string>
#include <vector>

#include "difflm/grammar/grammar_notation.h"

namespace difflm {

struct GrammarSymbol {
  std::string name;   // with its feature values, "NP[sg]", or "word/TAG" for a terminal
  std::string label;  // in trees; empty for a transparent symbol; the tag of a terminal
  std::string word;   // of a terminal, else empty
  bool terminal() const { return !word.empty(); }
};

struct GrammarRule {
  int head = 0;            // index of a symbol
  std::vector<int> body;   // at least one symbol
  double probability = 0;  // those of one head sum to 1
  AttributeList attributes;
};

struct CompiledGrammar {
  std::vector<GrammarSymbol> symbols;
  std::vector<GrammarRule> rules;
  int start = 0;
};

// Throws a usage error "origin:line: what" on a symbol without rules, with features that differ from those elsewhere or out of
// reach of the start symbol, and on a rule that can be empty. Instances of rules that derive no text are left out.
CompiledGrammar compile_grammar(const GrammarNotation& notation);

}  // namespace difflm
