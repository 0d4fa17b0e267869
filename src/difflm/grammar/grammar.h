// An attribute grammar: generates sentences with their analysis, and decides and analyses given ones.
//
// Rules, features and attributes are written in the notation of grammar_notation.h. Attributes are synthesised (Knuth 1968): each
// rule of a derivation contributes its fields, and a field set more than once holds its values in order, joined by ", ".
// Capitals at the start of a sentence and a/an are spelling, a function of the neighbouring words, and kept out of the rules;
// generation applies them and parsing undoes them, so `accepts` holds exactly for what `generate` can produce.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/grammar/chart.h"
#include "difflm/grammar/grammar_compiler.h"

namespace difflm {

struct Sentence {
  std::vector<std::string> words;                 // as spelled, punctuation apart
  std::vector<std::string> tags;                  // one per word
  std::string tree;                               // "(S (NP (DET the) (NOUN bakery)) ... (PUNCT .))"
  std::map<std::string, std::string> attributes;  // field -> value
  double log_probability = 0;                     // natural logarithm, of this derivation
};

class Grammar {
 public:
  // `origin` names the notation in errors; see grammar_notation.h and grammar_compiler.h for what is an error.
  Grammar(std::string_view notation, const std::string& origin) : Grammar(read_grammar_notation(notation, origin)) {}
  explicit Grammar(const GrammarNotation& notation);

  Sentence generate(RandomStream& random) const;

  // The most probable analysis, nothing when the words are not in the language.
  std::optional<Sentence> parse(std::span<const std::string> words) const;
  bool accepts(std::span<const std::string> words) const;

  size_t rules() const { return written_rules_; }                   // as written, a list of words counting once
  size_t expanded_rules() const { return compiled_.rules.size(); }  // plain rules after features and options are written out

 private:
  std::vector<int> draw(RandomStream& random) const;
  std::vector<int> derivation(std::span<const std::string> words) const;
  Sentence describe(const std::vector<int>& derivation) const;
  bool starts_sentence(std::span<const std::string> words, size_t at) const;
  bool vowel_follows(std::span<const std::string> words, size_t at) const;
  std::vector<std::string> with_articles(std::vector<std::string> words) const;
  std::vector<std::string> with_capitals(std::vector<std::string> words) const;
  std::vector<std::vector<int>> unspell(std::span<const std::string> words) const;

  size_t written_rules_;
  size_t longest_;
  Spelling spelling_;
  CompiledGrammar compiled_;
  Chart chart_;
  std::vector<std::vector<int>> rules_of_;                               // of each symbol
  std::unordered_map<std::string, std::vector<int>> terminals_;          // of each plain word
  std::unordered_map<std::string, std::vector<int>> capital_terminals_;  // of each word spelled with a capital
};

}  // namespace difflm
