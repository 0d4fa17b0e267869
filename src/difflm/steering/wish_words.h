// The words of a wish, as people type them, in a model's texts and tokens.
//
// Letters may be typed composed or decomposed ("ö" as one character or two). Both are tried: the spelling that occurs in the
// training texts counts, or where these are gone the one that the vocabulary has without falling back to single bytes. So what is
// matched, or given, is what the model knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "difflm/steering/phrase_reader.h"
#include "difflm/text/document.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

// What the words of wishes are compared with.
struct KnownText {
  const Tokenizer& tokenizer;
  const std::vector<Document>& training;  // empty where they are gone
};

// "cheap ... pub" -> the phrases "cheap" and "pub", as the text before decoding has them (Tokenizer::bytes), the first letter of
// each word in upper and lower case. Throws a usage error, for `option`, where nothing is asked for, or no spelling of a word is in
// the vocabulary.
std::vector<WishPhrase> wish_phrases(const std::string& wish, const KnownText& known, const std::string& option);

// The tokens of `text`. With `after_word` it follows a word: the space it may begin with counts, and nothing else does.
// Throws a usage error where a word of it is not in the vocabulary.
std::vector<Token> wish_tokens(const std::string& text, const KnownText& known, const std::string& option, bool after_word = false);

// `text` cut at white space.
std::vector<std::string> split_at_spaces(std::string_view text);

}  // namespace difflm
