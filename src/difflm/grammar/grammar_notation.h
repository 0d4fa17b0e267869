// The notation of grammars: its reader.
//
//     feature n = sg pl                    a feature and its values
//     alias any = sg|pl                    a name for a set of values
//     start S
//     capitals . ! ?                       the first word, and any word after one of these, starts with a capital
//     article a an                         "a" is written "an" before a vowel ...
//     vowel hour                           ... also before these words,
//     consonant university                 ... but not before these
//     longest 40                           texts of more words are not in the language: generation draws again
//     S =                                  alternatives follow, indented, each after its weight
//       3 NP[n] VP[n] ./PUNCT              the same n in one rule is the same value: agreement
//       1 NP[n=pl] ADV?0.2 VP[n=any]       values, a set of them (* for all); ADV is there with probability 0.2
//     S.both[n] =                          n is free here: a rule for each value; a head may restrict it, [n=sg]
//       1 NP[n] VP[n:other] {kind=pair}    n:other is a second variable of the same feature; {field=value} is an attribute
//     words _noun[n=sg] NOUN {animal=$}: cat, dog, guinea pig, Fox/PROPN{animal=fox}
//                                          words of one tag, weights 1/(rank+1) as in Zipf's law; $ is the constituent's text
//
// The label in trees is the name up to the first dot; a name that starts with _ leaves no bracket.
#pragma once

#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace difflm {

// One feature of a symbol as written: the variable that holds its value, and the values it may take.
struct FeatureUse {
  std::string feature, variable;
  std::vector<std::string> values;
};

struct GrammarItem {
  std::string name;                  // of a symbol, or "word/TAG"
  std::vector<FeatureUse> features;  // in the order of their names
  double probability = 1;            // below 1 for an optional part
  bool terminal = false;
};

using AttributeList = std::vector<std::pair<std::string, std::string>>;  // field -> value, "$" for the text of the constituent

struct GrammarAlternative {
  GrammarItem head;
  std::vector<GrammarItem> body;
  double weight = 1;
  AttributeList attributes;
  int line = 0;
};

// What spelling does to the words of a derivation.
struct Spelling {
  bool capitals = false;
  std::set<std::string> capital_after;
  std::string article, vowel_article;  // "a", "an"; empty without the directive
  std::set<std::string> vowel_words, consonant_words;
};

struct GrammarNotation {
  std::string origin;
  std::vector<GrammarAlternative> alternatives;
  size_t written_rules = 0;  // alternatives as written, a list of words counting once
  std::string start;
  size_t longest = std::numeric_limits<size_t>::max();  // words of a text
  Spelling spelling;
};

// Throws a usage error "origin:line: what, expected" on bad notation and on an unknown feature or value.
GrammarNotation read_grammar_notation(std::string_view text, const std::string& origin);

}  // namespace difflm
