#include "difflm/text/words.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

using Class = CharacterKind;

template <size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Words that an apostrophe at their edge belongs to; elsewhere it is a quotation mark.
constexpr std::array<std::string_view, 11> kLeadingElisions = {"tis",   "twas", "twere",  "twill", "twould", "em",
                                                               "twixt", "til",  "gainst", "cause", "bout"};
constexpr std::array<std::string_view, 4> kTrailingElisions = {"i", "o", "th", "ol"};

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

// A valid UTF-8 text with a position in it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }

  // The next piece: a word, a symbol, a line feed, or "" for white space.
  std::string_view next() {
    const size_t start = at_;
    const Class kind = take();
    if (kind == Class::space) return {};
    if (kind == Class::newline) return text_.substr(start, at_ - start);
    if (is_apostrophe(last_) && elision_follows()) {
      finish_word();
    } else if (kind == Class::symbol || (kind == Class::currency && peek() != Class::digit)) {
      finish_symbol(start);
    } else {
      finish_word();
      if (!done() && is_apostrophe(code_point_at(text_, at_).value) && is_elided(text_.substr(start, at_ - start))) take();
    }
    return text_.substr(start, at_ - start);
  }

 private:
  Class peek() const { return done() ? Class::space : kind_of_character(code_point_at(text_, at_).value); }

  Class take() {
    const CodePoint point = code_point_at(text_, at_);
    at_ += point.length;
    last_ = point.value;
    return kind_of_character(point.value);
  }

  // Whether a word that is written with a leading apostrophe begins here: 'tis, 'twas, 'em.
  bool elision_follows() const {
    Scanner rest(text_.substr(at_));
    while (is_in_word(rest.peek())) rest.take();
    return is_one_of(ascii_lower(rest.text_.substr(0, rest.at_)), kLeadingElisions);
  }

  // Whether it is written with a trailing apostrophe: i' the, o' the.
  static bool is_elided(std::string_view word) { return is_one_of(ascii_lower(word), kTrailingElisions); }

  void finish_word() {
    while (true) {
      while (is_in_word(peek())) take();
      if (done()) return;
      const bool after_digit = kind_of_character(last_) == Class::digit;
      const CodePoint link = code_point_at(text_, at_);
      const size_t behind = at_ + link.length;
      if (behind >= text_.size()) return;
      const CodePoint following = code_point_at(text_, behind);
      if (!links(link.value, after_digit, kind_of_character(following.value), behind)) return;
      at_ = behind;
      take();
    }
  }

  // Whether the symbol `link` may occur inside a word, where a character of class `following` comes next, at `behind`.
  bool links(int32_t link, bool after_digit, Class following, size_t behind) const {
    switch (link) {
      case '\'':
      case 0x2019:  // right single quotation mark, the typographic apostrophe
        return is_in_word(following);
      case '-':
      case 0x2010:
      case 0x2011:
        return is_in_word(following) || (following == Class::currency && digit_after(behind));
      case '.':
      case ',':
      case ':':
      case '/':
        return after_digit && following == Class::digit;
      default:
        return false;
    }
  }

  bool digit_after(size_t currency) const {
    const size_t at = currency + code_point_at(text_, currency).length;
    return at < text_.size() && kind_of_character(code_point_at(text_, at).value) == Class::digit;
  }

  void finish_symbol(size_t start) {
    const char first = text_[start];
    if (first == '.' || first == '-') {
      while (!done() && text_[at_] == first) ++at_;
    }
    utf8proc_int32_t state = 0;
    while (!done()) {
      const CodePoint point = code_point_at(text_, at_);
      if (is_space(point.value) || utf8proc_grapheme_break_stateful(last_, point.value, &state)) return;
      last_ = point.value;
      at_ += point.length;
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  int32_t last_ = 0;
};

std::vector<std::string> split_composed(std::string_view text) {
  std::vector<std::string> words;
  for (Scanner scanner(text); !scanner.done();) {
    if (const auto word = scanner.next(); !word.empty()) words.emplace_back(word);
  }
  return words;
}

bool closes(std::string_view word) {
  static constexpr std::array<std::string_view, 16> kClosing = {".", ",", ";", ":", "!", "?", ")",   "]",
                                                                "}", "%", "…", "”", "’", "»", "...", ".."};
  return is_one_of(word, kClosing);
}

bool opens(std::string_view word) {
  static constexpr std::array<std::string_view, 10> kOpening = {"(", "[", "{", "“", "‘", "«", "¿", "¡", "#", "@"};
  return is_one_of(word, kOpening);
}

// Whether the text `left` + `right` is read back as these two words.
bool survives_gluing(const std::string& left, const std::string& right) {
  const auto words = split_words(left + right);
  return words.size() == 2 && words[0] == left && words[1] == right;
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) { return split_composed(compose(to_valid_utf8(text))); }

std::string join_words(std::span<const std::string> words) {
  std::string result;
  bool in_double = false;  // inside "..."
  bool in_single = false;  // inside '...'
  bool left_opens = false;
  const std::string* left = nullptr;
  for (size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    bool right_closes = closes(word);
    bool right_opens = opens(word);
    if (word == "\n") {
      in_double = in_single = false;
    } else if (word == "\"" || word == "'") {
      bool& inside = word == "'" ? in_single : in_double;
      const bool line_ends = i + 1 == words.size() || words[i + 1] == "\n";
      (inside || line_ends ? right_closes : right_opens) = true;
      inside = !inside;
    }
    const bool at_line_edge = left == nullptr || *left == "\n" || word == "\n";
    if (!at_line_edge && !((left_opens || right_closes) && survives_gluing(*left, word))) result += ' ';
    result += word;
    left = &word;
    left_opens = right_opens;
  }
  return result;
}

}  // namespace difflm
