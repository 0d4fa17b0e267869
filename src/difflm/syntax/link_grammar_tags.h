// Universal part-of-speech tags (Petrov et al. 2012, with the names of Universal Dependencies) from the names of the words in a
// linkage.
//
// The dictionary of link-grammar marks a word's class by a subscript ("rating.n", "cheap.a") but leaves the closed classes mostly
// unmarked; these are listed here. For words in both, the list decides where the word has only one tag in plain English.
#pragma once

#include <string>
#include <string_view>

namespace difflm {

// `name`: the word in a linkage, with its subscript, and [!] or {!} where the library guessed. `word`: ours, with its case.
// `helping`: a verb in the linkage depends on it, which distinguishes the auxiliary "has" from the verb, and "to" before a verb
// from the preposition. X where nothing is known.
std::string universal_tag(std::string_view name, std::string_view word, bool helping);

// The tag of a lower-case word that has only one, such as "the", "of", "five"; "" for all others.
std::string_view closed_class_tag(std::string_view word);

// In digits, or a number word of the closed classes ("five").
bool is_number(std::string_view word);

std::string lower_case(std::string_view word);  // ASCII

}  // namespace difflm
