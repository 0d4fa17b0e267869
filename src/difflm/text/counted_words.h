// What metrics count: words, and in scripts that are written without spaces between words (Han, Kana, Thai, Lao, Khmer, Myanmar,
// ...) characters.
//
// `split_words` takes a clause of such a script for one word, so that nearly every "word" would occur once and no figure would mean
// anything. Where a word ends there only a dictionary knows; a character (grapheme cluster) is the unit that needs none, and that
// published figures for Chinese and Japanese use. Words of other scripts beside them stay words.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

std::vector<std::string> counted_words(std::string_view text);

// The reverse of counted_words, as far as join_words is that of split_words: without a space between two such characters, or
// beside their punctuation.
std::string join_counted_words(std::span<const std::string> words);

// Whether `word` is a character of a script without spaces.
bool is_counted_character(std::string_view word);

}  // namespace difflm
