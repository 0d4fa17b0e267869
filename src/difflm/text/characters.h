// What kind of character a code point is, as words and tokens are cut by it. From the Unicode categories, by utf8proc.
#pragma once

#include <cstdint>

namespace difflm {

enum class CharacterKind { space, newline, letter, digit, currency, symbol };

// Letters include marks, underscores and invisible format characters (soft hyphen, joiners, direction marks): those belong to the
// word they stand in.
CharacterKind kind_of_character(int32_t code_point);

inline bool is_in_word(CharacterKind kind) { return kind == CharacterKind::letter || kind == CharacterKind::digit; }

// Apostrophes, straight or typographic (the right single quotation mark).
inline bool is_apostrophe(int32_t code_point) { return code_point == '\'' || code_point == 0x2019; }

// Hyphens that occur inside a word.
inline bool is_hyphen(int32_t code_point) { return code_point == '-' || code_point == 0x2010 || code_point == 0x2011; }

// A letter or mark of a script that is written without spaces between words: Han, Kana, Thai, Lao, Khmer, Myanmar, Tibetan and
// their kin. Where such characters meet, only a dictionary knows whether a word ends.
bool is_unspaced(int32_t code_point);

}  // namespace difflm
