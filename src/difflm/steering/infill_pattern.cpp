#include "difflm/steering/infill_pattern.h"

#include <array>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

bool is_word_character(int32_t character) {
  return character != '_' && is_in_word(kind_of_character(character)) && !is_unspaced(character);
}

// The length of the placeholder that begins at `at`, 0 where there is none; `before` is the character there.
size_t placeholder_length(std::string_view text, size_t at, int32_t before) {
  static constexpr std::array<std::string_view, 4> kNamed = {"[MASK]", "[mask]", "<mask>", "<MASK>"};
  for (const auto name : kNamed) {
    if (text.substr(at).starts_with(name)) return name.size();
  }
  if (text[at] != '_' && text[at] != '*') return 0;
  const size_t end = std::min(text.find_first_not_of(text[at], at), text.size());
  const bool before_word = end < text.size() && is_word_character(code_point_at(text, end).value);
  return before_word || is_word_character(before) ? 0 : end - at;
}

}  // namespace

std::vector<InfillPart> read_infill(std::string_view wish) {
  const std::string text = to_valid_utf8(wish);
  std::vector<InfillPart> parts;
  std::string given;
  int32_t before = ' ';
  const auto end_given = [&](bool text_ends) {
    if (given.ends_with(' ')) given.pop_back();  // a space belongs to the word after it
    if (!given.empty() && (given != " " || !text_ends)) parts.push_back({InfillPart::Kind::given, false, given});
    given.clear();
  };
  for (size_t at = 0; at < text.size();) {
    if (const size_t length = placeholder_length(text, at, before); length > 0) {
      const bool after_space = given.ends_with(' ');
      end_given(false);
      parts.push_back({text[at] == '*' ? InfillPart::Kind::words : InfillPart::Kind::word, after_space});
      before = ' ';
      at += length;
      continue;
    }
    const bool escaped = text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '_' || text[at + 1] == '*');
    if (escaped) ++at;
    const CodePoint point = code_point_at(text, at);
    if (is_space(point.value)) {
      if (!given.ends_with(' ') && !(given.empty() && parts.empty())) given += ' ';
    } else {
      given += text.substr(at, point.length);
      const bool run = point.value == '_' || point.value == '*';  // of which all are placeholders or none
      while (run && at + 1 < text.size() && text[at + 1] == text[at]) given += text[++at];
    }
    before = point.value;
    at += point.length;
  }
  end_given(true);
  return parts;
}

}  // namespace difflm
