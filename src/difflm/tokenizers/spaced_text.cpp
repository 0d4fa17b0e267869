#include "difflm/tokenizers/spaced_text.h"

#include <utf8proc.h>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr size_t kLongestChunk = 64;  // code points

bool is_spaced_word(int32_t point) { return is_in_word(kind_of_character(point)) && !is_unspaced(point); }

bool is_dash(int32_t point) { return point == '-' || utf8proc_category(point) == UTF8PROC_CATEGORY_PD; }

// Whether the next place of a text implies a space, from the characters before it.
class ImpliedSpace {
 public:
  bool operator()() const { return implied_; }

  // Whether a space is written before `next` here.
  bool is_written(int32_t next) const {
    if (!implied_) return false;
    if (next == ' ' || is_spaced_word(next)) return true;
    return line_starts_ && kind_of_character(next) != CharacterKind::space && next != '\n' && !is_unspaced(next);
  }

  void see(int32_t point) {
    const bool opens_here = implied_ || last_ == ' ';
    if (point == '\n') {
      implied_ = true;
    } else if (is_dash(point)) {
      if (last_ != point) touches_ = !opens_here && kind_of_character(last_) != CharacterKind::space;
      implied_ = touches_;
    } else if (point == '/') {
      implied_ = kind_of_character(last_) == CharacterKind::letter;
    } else {
      implied_ = opens(point, opens_here);
    }
    line_starts_ = point == '\n';
    last_ = point;
  }

 private:
  // An opening bracket, or a character that opens where a word may begin: a quotation mark, "$", "#".
  static bool opens(int32_t point, bool word_may_begin) {
    if (point < 0x80) {
      if (point == '(' || point == '[' || point == '{') return true;
      return word_may_begin && (point == '"' || point == '\'' || point == '$' || point == '#' || point == '@' || point == '*');
    }
    switch (utf8proc_category(point)) {
      case UTF8PROC_CATEGORY_PS:
        return true;
      case UTF8PROC_CATEGORY_PI:
      case UTF8PROC_CATEGORY_PF:
      case UTF8PROC_CATEGORY_SC:
        return word_may_begin;
      default:
        return word_may_begin && (point == 0xBF || point == 0xA1);  // the inverted ? and !
    }
  }

  bool implied_ = true;
  bool line_starts_ = true;
  bool touches_ = false;  // the run of dashes that ends here touches what is before it
  int32_t last_ = '\n';
};

// A spaced text with a position in it.
class SpacedScanner {
 public:
  explicit SpacedScanner(std::string_view text, size_t at = 0) : text_(text), at_(at) {}

  bool done() const { return at_ >= text_.size(); }
  size_t at() const { return at_; }

  SpacedChunk next() {
    const size_t start = at_;
    count_ = 0;
    if (peek() == '\n') return take(), chunk(start);
    if (peek() == ' ') {
      take_run();
      const int32_t after = peek();
      if (done() || is_unspaced(after) || is_space(after)) return chunk(start);
      if (at_ - start > 1) {  // the last space goes with the chunk after it
        --at_;
        return chunk(start);
      }
    }
    const int32_t first = peek();
    if (is_unspaced(first)) {
      while (is_unspaced(peek()) && may_take()) take();
      finish_cluster();
      return chunk(start, true);
    }
    if (!is_spaced_word(first)) {
      take_run();
      if (!is_space(first)) finish_cluster();
      return chunk(start);
    }
    while (true) {
      take_word();
      const size_t link = link_length();
      if (link == 0 || !may_take()) return chunk(start);
      at_ += link;
    }
  }

  // -1 at the end.
  int32_t peek() const { return done() ? -1 : code_point_at(text_, at_).value; }

  void take() {
    const CodePoint point = code_point_at(text_, at_);
    at_ += point.length;
    last_ = point.value;
    ++count_;
  }

  void take_word() {
    while (is_spaced_word(peek()) && may_take()) take();
  }

  // The length of what links the word that ends here to a word after it, 0 where nothing does: an apostrophe, a stop, a hyphen with
  // the space it implies.
  size_t link_length() const {
    if (done()) return 0;
    const CodePoint link = code_point_at(text_, at_);
    size_t length = link.length;
    if (is_hyphen(link.value)) {
      if (text_.substr(at_ + length).starts_with(' ')) ++length;
    } else if (!is_apostrophe(link.value) && !is_stop_between(link.value, at_ + length)) {
      return 0;
    }
    if (at_ + length >= text_.size() || !is_spaced_word(code_point_at(text_, at_ + length).value)) return 0;
    return length;
  }

 private:
  bool may_take() const { return count_ < kLongestChunk; }

  SpacedChunk chunk(size_t start, bool unspaced = false) const { return {text_.substr(start, at_ - start), unspaced}; }

  void take_run() {
    take();
    while (peek() == last_ && may_take()) take();
  }

  void finish_cluster() {
    utf8proc_int32_t state = 0;
    while (!done() && may_take()) {
      const int32_t point = peek();
      if (is_space(point) || utf8proc_grapheme_break_stateful(last_, point, &state)) return;
      take();
    }
  }

  bool is_stop_between(int32_t stop, size_t after) const {
    if (after >= text_.size()) return false;
    const CharacterKind left = kind_of_character(last_);
    const CharacterKind right = kind_of_character(code_point_at(text_, after).value);
    if (stop == '.') return left == right && is_in_word(left);
    return (stop == ',' || stop == ':' || stop == '/') && left == CharacterKind::digit && right == CharacterKind::digit;
  }

  std::string_view text_;
  size_t at_;
  size_t count_ = 0;  // code points of the present chunk
  int32_t last_ = 0;
};

}  // namespace

std::string to_spaced(std::string_view text) {
  std::string spaced;
  spaced.reserve(text.size() + text.size() / 16 + 1);
  ImpliedSpace implied;
  for (size_t i = 0; i < text.size();) {
    const CodePoint point = code_point_at(text, i);
    if (implied.is_written(point.value)) spaced += ' ';
    spaced += text.substr(i, point.length);
    implied.see(point.value);
    i += point.length;
  }
  return spaced;
}

std::string from_spaced(std::string_view spaced) {
  std::string text;
  text.reserve(spaced.size());
  ImpliedSpace implied;
  for (size_t i = 0; i < spaced.size();) {
    if (implied() && spaced[i] == ' ') ++i;
    if (i == spaced.size()) break;
    const CodePoint point = code_point_at(spaced, i);
    text += spaced.substr(i, point.length);
    implied.see(point.value);
    i += point.length;
  }
  return text;
}

void for_each_spaced_chunk(std::string_view spaced, const std::function<void(const SpacedChunk&)>& visit) {
  for (SpacedScanner scanner(spaced); !scanner.done();) visit(scanner.next());
}

std::vector<std::string_view> parts_of_spaced_word(std::string_view chunk) {
  std::vector<std::string_view> parts;
  SpacedScanner scanner(chunk);
  if (scanner.peek() == ' ') scanner.take();
  size_t start = 0;
  while (true) {
    scanner.take_word();
    const size_t link = scanner.link_length();
    if (link == 0) break;
    parts.push_back(chunk.substr(start, scanner.at() - start));
    start = scanner.at();
    scanner.take();
    if (is_apostrophe(code_point_at(chunk, start).value)) continue;  // an apostrophe belongs to the part after it
    parts.push_back(chunk.substr(start, scanner.at() - start));
    start = scanner.at();
    if (scanner.peek() == ' ') scanner.take();
  }
  parts.push_back(chunk.substr(start));
  return parts;
}

}  // namespace difflm
