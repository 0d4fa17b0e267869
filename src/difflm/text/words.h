// Words: how a text is cut at its punctuation, and how words become a text again. The word tokenizer and the metrics share it.
//
// A word is a run of letters, digits, marks and underscores. Between two of these it may hold an apostrophe or a hyphen
// ("don't", "family-friendly": contractions stay whole), and between two digits one of . , : / ("5.00", "1,000", "10:30"). A
// currency sign before a digit belongs to the word ("£20-25"), and so does the apostrophe of a few elisions ("'tis", "'em", "o'").
// Invisible format characters (soft hyphens, joiners, direction marks) belong to the word they stand in. A line feed is a word by
// itself. In scripts written without spaces (Han, Kana, Thai ...) each character is a word: that is the unit there for metrics too,
// since only a dictionary knows more. Of everything else, each character (grapheme cluster, so an emoji with its modifiers) is a
// word; runs of full stops or of hyphens stay together ("...", "--"). Case is kept. The text is made valid UTF-8 and composed (NFC)
// first.
//
// Joining puts one space between words, none before closing punctuation (. , ; : ! ? ) ] } % ..., the Arabic and Devanagari
// ones), after an opening bracket, beside a line feed, or in scripts without spaces; straight quotes open and close in turn within
// a line, and one that ends a line closes, as does one after a plural ("parents' house"). German quotation marks, abbreviations
// ("p.m."), "C#", "AT&T" and smiles are joined as they are written. Where leaving the space out would change the words found on
// reading back, it stays. So split(join(split(s))) == split(s), and join(split(s)) is a normal form of s: runs of white space, and
// whether there was a space around punctuation, are lost.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

std::vector<std::string> split_words(std::string_view text);

std::string join_words(std::span<const std::string> words);

}  // namespace difflm
