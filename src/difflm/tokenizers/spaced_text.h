// Texts as the spaced tokenizer cuts them: every word with the space before it.
//
// Most words follow a space, and a token " word" then needs no rule for joining. But at the start of a line, after an opening
// bracket, quotation mark or currency sign, and after a dash or slash that touches the word before it, a word follows none. So that
// it is the same token there too, its space is implied at these places: `to_spaced` writes it, `from_spaced` takes it away. Where
// a real space stands at such a place, a second one is written, so that nothing is lost. Whether a place implies a space depends
// only on the text before it, which both know alike, so from_spaced(to_spaced(s)) == s for every valid UTF-8 text.
//
//     "Well-known," (he said)   ->   _"_Well-_known,"_(_he_said)         (_ for a space)
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

std::string to_spaced(std::string_view text);

// Takes any text, for instance one whose tokens a model has drawn.
std::string from_spaced(std::string_view spaced);

struct SpacedChunk {
  std::string_view text;
  bool unspaced = false;  // a run of a script without spaces: no word by itself
};

// Cuts a spaced text into chunks, each with a space before it where there is one:
// - a word: letters, marks and digits, linked by apostrophes and hyphens between them, by . between letters, and by . , : / between
//   digits ("don't", "family-friendly", "U.S", "5.00");
// - a run of letters of a script without spaces, without the space before it;
// - a run of one other character, with what belongs to its grapheme cluster: "...", an emoji.
// Line feeds are chunks one by one, and so are runs of other white space. A chunk has at most 64 code points.
void for_each_spaced_chunk(std::string_view spaced, const std::function<void(const SpacedChunk&)>& visit);

// The parts of a word at its links: " don" "'t", " family" "-" " friendly", " 5" "." "00". One part where it has no link.
std::vector<std::string_view> parts_of_spaced_word(std::string_view chunk);

}  // namespace difflm
