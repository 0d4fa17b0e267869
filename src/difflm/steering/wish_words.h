// The words of a wish as a model's tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "difflm/steering/word_automaton.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

// "cheap ... pub" -> the phrases "cheap" and "pub", each token with those of its spellings in upper and lower case that the
// vocabulary has. Throws a usage error where nothing is asked for, or a word is not in the vocabulary.
std::vector<std::vector<WordClass>> wish_phrases(const std::string& wish, const Tokenizer& tokenizer, const std::string& option);

// The tokens of `text`; throws a usage error where a word of it is not in the vocabulary.
std::vector<Token> wish_tokens(const std::string& text, const Tokenizer& tokenizer, const std::string& option);

// `text` cut at white space.
std::vector<std::string> split_at_spaces(std::string_view text);

}  // namespace difflm
