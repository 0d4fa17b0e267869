// Windows-1252, the encoding of texts from before UTF-8 in Western Europe and America. Latin-1 differs from it only in control
// characters, which no text has, so it is read too.
//
// A text is taken for it where at most a fifth of the bytes are above 0x7F, and nearly all of these are letters beside a letter of
// ASCII, or marks of print such as quotation marks (WHATWG Encoding Standard, index windows-1252), and not UTF-8. Stray bytes are
// none of that. Of other encodings of eight bits, Cyrillic and Greek have too many such bytes and Polish has signs within words;
// languages whose letters fall on other letters (Czech, Turkish) cannot be told apart, so what is assumed is always said.
#pragma once

#include <string>
#include <string_view>

namespace difflm {

// Of a text that is not valid UTF-8.
bool looks_like_windows_1252(std::string_view bytes);

// As UTF-8. The five bytes that stand for nothing stay, so that cleaning counts them (utf8.h).
std::string from_windows_1252(std::string_view bytes);

}  // namespace difflm
