#include "difflm/text/words.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

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
    const bool after_space = kind_of_character(last_) == CharacterKind::space || last_ == '\n';
    const CharacterKind kind = take();
    if (kind == CharacterKind::space) return {};
    if (kind == CharacterKind::newline) return text_.substr(start, at_ - start);
    if (is_unspaced(last_)) {
      finish_symbol(start);
    } else if ((is_apostrophe(last_) && elision_follows()) || (last_ == '.' && after_space && peek() == CharacterKind::digit)) {
      finish_word();
    } else if (kind == CharacterKind::symbol || (kind == CharacterKind::currency && peek() != CharacterKind::digit)) {
      finish_symbol(start);
    } else {
      finish_word();
      if (!done() && is_apostrophe(code_point_at(text_, at_).value) && is_elided(text_.substr(start, at_ - start))) take();
    }
    return text_.substr(start, at_ - start);
  }

 private:
  CharacterKind peek() const { return done() ? CharacterKind::space : kind_of_character(code_point_at(text_, at_).value); }

  CharacterKind take() {
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
      while (is_in_word(peek()) && !is_unspaced(code_point_at(text_, at_).value)) take();
      if (done()) return;
      const bool after_digit = kind_of_character(last_) == CharacterKind::digit;
      const CodePoint link = code_point_at(text_, at_);
      const size_t place_after = at_ + link.length;
      if (place_after >= text_.size()) return;
      const CodePoint following = code_point_at(text_, place_after);
      if (is_unspaced(following.value) || !links(link.value, after_digit, kind_of_character(following.value), place_after)) return;
      at_ = place_after;
      take();
    }
  }

  // Whether the symbol `link` may occur inside a word, where a character of class `following` comes next, at `place_after`.
  bool links(int32_t link, bool after_digit, CharacterKind following, size_t place_after) const {
    switch (link) {
      case '\'':
      case 0x2019:  // right single quotation mark, the typographic apostrophe
        return is_in_word(following);
      case '-':
      case 0x2010:
      case 0x2011:
        return is_in_word(following) || (following == CharacterKind::currency && digit_after(place_after));
      case '.':
      case ',':
      case ':':
      case '/':
        return after_digit && following == CharacterKind::digit;
      default:
        return false;
    }
  }

  bool digit_after(size_t currency) const {
    const size_t at = currency + code_point_at(text_, currency).length;
    return at < text_.size() && kind_of_character(code_point_at(text_, at).value) == CharacterKind::digit;
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
  int32_t last_ = '\n';
};

std::vector<std::string> split_composed(std::string_view text) {
  std::vector<std::string> words;
  for (Scanner scanner(text); !scanner.done();) {
    if (const auto word = scanner.next(); !word.empty()) words.emplace_back(word);
  }
  return words;
}

bool closes(std::string_view word) {
  static constexpr std::array<std::string_view, 22> kClosing = {
      ".",      ",",      ";",      ":",   "!",  "?",      ")",      "]",      "}",      "%",      "\u2026",
      "\u201D", "\u2019", "\u00BB", "...", "..", "\u060C", "\u061B", "\u061F", "\u06D4", "\u0964", "\u0965"};
  return is_one_of(word, kClosing);
}

bool opens(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kOpening = {"(",      "[",      "{", "\u201C", "\u2018", "\u00AB",
                                                                "\u00BF", "\u00A1", "#", "@",      "\u201E", "\u201A"};
  return is_one_of(word, kOpening);
}

// Whether no space stands beside the word: letters of scripts without spaces, and the wide punctuation that goes with them.
bool is_written_without_spaces(std::string_view word) {
  const int32_t point = code_point_at(word, 0).value;
  if (is_unspaced(point)) return true;
  return (point >= 0x3001 && point <= 0x3020) ||
         (point >= 0xFF01 && point <= 0xFF65 && kind_of_character(point) == CharacterKind::symbol);
}

// Whether the text `left` + `right` is read back as these two words.
bool survives_gluing(const std::string& left, const std::string& right) {
  const auto words = split_words(left + right);
  return words.size() == 2 && words[0] == left && words[1] == right;
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) { return split_composed(compose(to_valid_utf8(text))); }

namespace {

bool is_letters(std::string_view word) {
  return !word.empty() && kind_of_character(code_point_at(word, 0).value) == CharacterKind::letter;
}
bool is_letter(std::string_view word) { return is_letters(word) && code_point_at(word, 0).length == word.size(); }
bool is_capitals(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// The words of a text, and what of their places says how they are joined.
class Joiner {
 public:
  explicit Joiner(std::span<const std::string> words) : words_(words) {}

  std::string text() {
    std::string result;
    bool left_opens = false;
    for (size_t i = 0; i < words_.size(); ++i) {
      const Sides sides = sides_of(i);
      const bool at_line_edge = i == 0 || word(i - 1) == "\n" || word(i) == "\n";
      const bool together = left_opens || sides.closes || is_inside_abbreviation(i) ||
                            (i > 0 && (is_written_without_spaces(word(i - 1)) || is_written_without_spaces(word(i))));
      if (!at_line_edge && !(together && survives_gluing(words_[i - 1], words_[i]))) result += ' ';
      result += words_[i];
      left_opens = sides.opens;
    }
    return result;
  }

 private:
  struct Sides {
    bool closes;  // no space before it
    bool opens;   // none after it
  };

  // Past either end, and beyond the line, "".
  std::string_view word(size_t i) const { return i < words_.size() ? std::string_view(words_[i]) : std::string_view(); }

  Sides sides_of(size_t i) {
    const std::string_view own = word(i);
    Sides sides = {difflm::closes(own), difflm::opens(own)};
    if (own == "\n") {
      in_double_ = in_single_ = in_low_ = in_reversed_ = false;
      depth_ = 0;
    } else if (own == "'" && is_decade(i)) {
      sides.opens = true;
    } else if (own == "'" && !in_single_ && is_possessive(i)) {
      sides.closes = true;
    } else if (own == "\"" || own == "'") {
      bool& inside = own == "'" ? in_single_ : in_double_;
      const bool line_ends = i + 1 == words_.size() || word(i + 1) == "\n";
      (inside || line_ends ? sides.closes : sides.opens) = true;
      inside = !inside;
    } else if (own == "\u201E") {
      in_low_ = true;
    } else if (own == "\u201C" && in_low_) {  // German: low quotation marks open, these close
      sides = {true, false};
      in_low_ = false;
    } else if (own == "\u00BB" && !in_guillemets_ && !in_reversed_ && closes_later(i, "\u00AB")) {
      sides = {false, true};
      in_reversed_ = true;
    } else if (own == "\u00AB" && in_reversed_) {
      sides = {true, false};
      in_reversed_ = false;
    } else if (own == "\u00AB" || own == "\u00BB") {
      in_guillemets_ = own == "\u00AB";
    } else if (own == "#" && i > 0 && is_letter(word(i - 1)) && is_capitals(word(i - 1))) {  // C#
      sides = {true, false};
    } else if (own == "+" && i > 0 && (word(i - 1) == "C" || word(i - 1) == "+") && is_plus_plus(i)) {  // C++
      sides.closes = true;
    } else if (own == "(") {
      ++depth_;
    } else if (own == ")") {
      depth_ = std::max(0, depth_ - 1);
    } else if (own == ":" && word(i + 1) == ")" && depth_ == 0) {  // a smile
      sides.closes = false;
    } else if (own == "&" && is_between_initials(i)) {  // AT&T
      sides = {true, true};
    }
    return sides;
  }

  bool closes_later(size_t i, std::string_view mark) const {
    for (size_t at = i + 1; at < words_.size() && words_[at] != "\n"; ++at) {
      if (words_[at] == mark) return true;
    }
    return false;
  }

  // '90s: digits and an s.
  bool is_decade(size_t i) const {
    const std::string_view next = word(i + 1);
    return next.size() == 3 && next[0] >= '0' && next[0] <= '9' && next[1] == '0' && next[2] == 's';
  }

  // parents' house: after an s, before a word, with none after it that would close a quotation.
  bool is_possessive(size_t i) const {
    if (!follows_s(i)) return false;
    for (size_t at = i + 1; at < words_.size() && words_[at] != "\n"; ++at) {
      if (words_[at] == "'") return follows_s(at);
    }
    return true;
  }
  bool follows_s(size_t i) const {
    if (i == 0 || !is_letters(word(i - 1)) || !word(i - 1).ends_with('s') || !is_letters(word(i + 1))) return false;
    return is_capitals(word(i - 1).substr(0, 1)) || !is_capitals(word(i + 1).substr(0, 1));  // hearts 'We thank
  }

  bool is_plus_plus(size_t i) const {
    if (word(i - 1) == "C") return word(i + 1) == "+";
    return i > 1 && word(i - 2) == "C" && word(i + 1) != "+";
  }

  bool is_between_initials(size_t i) const {
    return i > 0 && is_capitals(word(i - 1)) && is_capitals(word(i + 1)) && !word(i + 1).empty() && word(i - 1).size() <= 2 &&
           word(i + 1).size() <= 2;
  }

  // The letter after a stop in "p.m." or "U.S.": small letters alone, or capitals that are known to be one word.
  bool is_inside_abbreviation(size_t i) const {
    static constexpr std::array<std::string_view, 9> kCapitals = {"US", "UK", "UN", "EU", "DC", "BC", "AD", "PS", "PhD"};
    if (i < 2 || word(i - 1) != "." || word(i + 1) != "." || !is_letter(word(i))) return false;
    const std::string_view left = word(i - 2);
    const bool small = word(i)[0] >= 'a' && word(i)[0] <= 'z';
    if (small) return is_letter(left) && left[0] >= 'a' && left[0] <= 'z';
    return is_one_of(std::string(left) + std::string(word(i)), kCapitals);
  }

  std::span<const std::string> words_;
  bool in_double_ = false;      // inside "..."
  bool in_single_ = false;      // inside '...'
  bool in_low_ = false;         // inside the German ones
  bool in_guillemets_ = false;  // inside the French ones
  bool in_reversed_ = false;    // inside the German ones of that form
  int depth_ = 0;               // brackets
};

}  // namespace

std::string join_words(std::span<const std::string> words) { return Joiner(words).text(); }

}  // namespace difflm
