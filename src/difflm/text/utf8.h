// UTF-8: cleaning what comes in, walking code points.
//
// The form of a valid sequence is that of the Unicode Standard, table 3-7 (no overlong forms, no surrogates, at most U+10FFFF).
// Every byte outside a valid sequence becomes one U+FFFD, so the count of replacements is the count of bad bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace difflm {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The code point that starts at `text[at]`, and its length in bytes. An invalid byte gives {-1, 1}.
struct CodePoint {
  int32_t value;
  size_t length;
};
CodePoint code_point_at(std::string_view text, size_t at);

bool is_valid_utf8(std::string_view text);

// `text` with each invalid byte replaced by U+FFFD; adds their number to `invalid_bytes`.
std::string to_valid_utf8(std::string_view text, size_t* invalid_bytes = nullptr);

// CRLF and CR -> LF; with `keep_lone_returns`, CRLF only.
std::string unify_newlines(std::string_view text, bool keep_lone_returns = false);

// What cleaning had to change.
struct TextRepairs {
  size_t invalid_bytes = 0;     // replaced by U+FFFD
  size_t byte_order_marks = 0;  // dropped
};

// The content of a file, cleaned: newlines as LF, valid UTF-8, no byte order mark at the start of a line, where joined files have
// theirs. A U+FEFF inside a line is a character of the text and stays. `path` is for the message of the usage error thrown when
// there is a NUL byte: such a file is binary. UTF-16 with its byte order mark, as spreadsheets export it, is read too.
std::string clean_text(std::string bytes, const std::string& path, TextRepairs* repairs = nullptr, bool keep_lone_returns = false);

// Canonical composition (NFC) of a valid UTF-8 text, so that one letter has one spelling.
std::string compose(std::string text);

// Canonical decomposition (NFD): a letter, then its marks.
std::string decompose(std::string text);

// Whether there is nothing but white space (ASCII white space; of the rest, Unicode categories Zs, Zl, Zp and U+0085).
bool is_blank(std::string_view text);
bool is_space(int32_t code_point);

void append_code_point(std::string& text, int32_t code_point);

}  // namespace difflm
