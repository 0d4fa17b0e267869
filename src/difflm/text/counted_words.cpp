#include "difflm/text/counted_words.h"

#include <utf8proc.h>

#include <algorithm>
#include <utility>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

bool has_only_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Ideographic punctuation and full-width forms, which have their space inside them.
bool is_wide_punctuation(int32_t point) { return (point >= 0x3000 && point <= 0x303F) || (point >= 0xFF00 && point <= 0xFFEF); }

bool needs_no_space(int32_t point) { return is_unspaced(point) || is_wide_punctuation(point); }

int32_t first_of(std::string_view word) { return word.empty() ? 0 : code_point_at(word, 0).value; }

int32_t last_of(std::string_view word) {
  int32_t last = 0;
  for (size_t at = 0; at < word.size();) {
    const CodePoint point = code_point_at(word, at);
    last = point.value;
    at += point.length;
  }
  return last;
}

// The characters of scripts without spaces one by one, what is between them as it is.
void split_further(const std::string& word, std::vector<std::string>& words) {
  std::string piece;
  int32_t last = 0;
  utf8proc_int32_t state = 0;
  for (size_t at = 0; at < word.size();) {
    const CodePoint point = code_point_at(word, at);
    const bool breaks = at == 0 || utf8proc_grapheme_break_stateful(last, point.value, &state);
    if (breaks && !piece.empty() && (is_unspaced(point.value) || is_unspaced(first_of(piece)))) {
      words.push_back(std::exchange(piece, {}));
    }
    piece.append(word, at, point.length);
    last = point.value;
    at += point.length;
  }
  if (!piece.empty()) words.push_back(std::move(piece));
}

}  // namespace

std::vector<std::string> counted_words(std::string_view text) {
  auto words = split_words(text);
  if (has_only_ascii(text)) return words;
  std::vector<std::string> counted;
  counted.reserve(words.size());
  for (auto& word : words) {
    if (has_only_ascii(word)) {
      counted.push_back(std::move(word));
    } else {
      split_further(word, counted);
    }
  }
  return counted;
}

std::string join_counted_words(std::span<const std::string> words) {
  std::vector<std::string> glued;
  for (const auto& word : words) {
    if (!glued.empty() && needs_no_space(last_of(glued.back())) && needs_no_space(first_of(word))) {
      glued.back() += word;
    } else {
      glued.push_back(word);
    }
  }
  return join_words(glued);
}

bool is_counted_character(std::string_view word) { return is_unspaced(first_of(word)); }

}  // namespace difflm
