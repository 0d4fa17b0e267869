#include "difflm/data/token_breaks.h"

#include <utf8proc.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr std::u32string_view kSentenceEnds = U".!?…؟۔।॥።";
constexpr std::u32string_view kWideSentenceEnds = U"。！？｡";  // no space follows
constexpr std::u32string_view kClauseEnds = U",;:–—،؛";
constexpr std::u32string_view kWideClauseEnds = U"、，；：";
constexpr std::u32string_view kClosers = U"\"')]}»›”’」』）】》";

bool is_one_of(std::u32string_view set, int32_t value) {
  return value >= 0 && set.find(static_cast<char32_t>(value)) != std::u32string_view::npos;
}

std::vector<int32_t> code_points(const std::string& bytes) {
  std::vector<int32_t> result;
  for (size_t at = 0; at < bytes.size();) {
    const CodePoint point = code_point_at(bytes, at);
    result.push_back(point.value);
    at += point.length;
  }
  return result;
}

}  // namespace

TokenBreaks::Edges TokenBreaks::edges_of(const std::string& bytes) {
  Edges edges;
  const auto points = code_points(bytes);
  if (points.empty()) return edges;
  edges.goes_on = (static_cast<unsigned char>(bytes.front()) & 0xC0) == 0x80;
  auto begin = points.begin();
  while (begin != points.end() && is_space(*begin)) edges.begins_line |= *begin++ == '\n';
  edges.begins_spaced = begin != points.begin();
  edges.begins_lower = begin != points.end() && *begin >= 0 && utf8proc_category(*begin) == UTF8PROC_CATEGORY_LL;
  auto end = points.end();
  bool line = false;
  while (end != begin && is_space(*(end - 1))) line |= *--end == '\n';
  edges.ends_spaced = end != points.end() || begin == points.end();
  const auto inner = end;
  while (end != begin && is_one_of(kClosers, *(end - 1))) --end;
  edges.closes = end == begin && inner != begin;
  const int32_t last = end == begin ? -1 : *(end - 1);
  const bool wide = is_one_of(kWideSentenceEnds, last) || is_one_of(kWideClauseEnds, last);
  edges.needs_space = !wide && !line;
  if (line || is_one_of(kSentenceEnds, last) || is_one_of(kWideSentenceEnds, last)) {
    edges.end = kSentence;
  } else if (is_one_of(kClauseEnds, last) || is_one_of(kWideClauseEnds, last)) {
    edges.end = kClause;
  }
  if (begin == points.end() && edges.begins_line) edges.end = kSentence;
  return edges;
}

TokenBreaks::TokenBreaks(const Tokenizer& tokenizer) {
  for (Token token = 0; token < tokenizer.size(); ++token) {
    edges_.push_back(token < kSpecialTokens ? Edges() : edges_of(tokenizer.bytes(token)));
    marks_spaces_ |= edges_.back().begins_spaced || edges_.back().ends_spaced;
  }
}

TokenBreaks::Strength TokenBreaks::before(std::span<const Token> text, size_t at) const {
  const Token next = text[at];
  if (next == kEnd || next == kPad) return kNever;
  if (edges_.empty()) return kInside;
  const auto edges = [&](Token token) -> const Edges& { return edges_[static_cast<size_t>(token)]; };
  const Edges& after = edges(next);
  if (after.goes_on) return kNever;
  if (after.closes && !after.begins_spaced) return kInside;
  if (after.begins_line) return kSentence;
  const bool spaced = !marks_spaces_ || after.begins_spaced || edges(text[at - 1]).ends_spaced;
  size_t last = at - 1;
  while (last > 0 && edges(text[last]).closes) --last;
  const Edges& ended = edges(text[last]);
  if (ended.needs_space && !spaced) return kInside;
  if (ended.end == kSentence && ended.needs_space && after.begins_lower) return kSpace;
  return std::max(ended.end, spaced ? kSpace : kInside);
}

}  // namespace difflm
