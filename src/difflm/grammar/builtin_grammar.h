// The language of the builtin corpus: short notices about the places of a small town, in English.
//
// builtin_grammar.cpp holds the rules, builtin_lexicon.cpp the words, both in the notation of grammar_notation.h. All derivations
// of a text agree on its tree and attributes, so `parse` gives a generated text the analysis that it was generated
// with (tests/corpora/builtin_corpus_test.cpp).
#pragma once

#include <string_view>

#include "difflm/grammar/grammar.h"

namespace difflm {

std::string_view builtin_rules();
std::string_view builtin_lexicon();

// Compiled once, on first use; immutable and safe to share between threads.
const Grammar& builtin_grammar();

}  // namespace difflm
