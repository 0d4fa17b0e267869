#include "difflm/steering/open_word.h"

#include <algorithm>
#include <map>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

bool begins_with_letter(std::string_view bytes) {
  return !bytes.empty() && is_in_word(kind_of_character(code_point_at(bytes, 0).value));
}

// How often words have each number of tokens. A word begins with a space: a token of its own, or part of the first.
std::map<size_t, size_t> sizes_of_words(const TokenDocuments& texts, const Tokenizer& tokenizer) {
  std::vector<std::string> bytes;
  for (Token token = 0; token < tokenizer.size(); ++token) bytes.push_back(tokenizer.bytes(token));
  std::map<size_t, size_t> sizes;
  for (const auto& text : texts) {
    size_t size = 0;  // of the word so far
    for (size_t at = 0; at <= text.size(); ++at) {
      const std::string own = at < text.size() ? bytes[static_cast<size_t>(text[at])] : "";
      const std::string next = at + 1 < text.size() ? bytes[static_cast<size_t>(text[at + 1])] : "";
      const bool begins = own.starts_with(' ') && begins_with_letter(own == " " ? next : own.substr(1));
      const bool goes_on = size > 0 && begins_with_letter(own);
      if (!goes_on && size > 0) ++sizes[size];
      size = begins ? 1 : goes_on ? size + 1 : 0;
    }
  }
  return sizes;
}

}  // namespace

OpenWord::OpenWord(const GuideSource& source) {
  const Tokenizer& tokenizer = *source.run.tokenizer;
  const auto bytes_of = [&](const std::string& text) {
    std::string bytes;
    for (const Token token : tokenizer.encode(text)) bytes += tokenizer.bytes(token);
    return bytes;
  };
  words_are_tokens_ = bytes_of("a").ends_with(' ');
  if (words_are_tokens_) return;
  first_has_space_ = bytes_of("a").starts_with(' ');
  space_is_implied_ = bytes_of("(a").ends_with(" a");
  const auto sizes = sizes_of_words(source.resources.tokens(), tokenizer);
  const auto most = std::max_element(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most != sizes.end()) size_ = most->first;
}

Sequence OpenWord::tokens(bool after_space, bool first) const {
  if (words_are_tokens_) return {kOpen};
  const bool spaced = after_space || space_is_implied_ || (first && first_has_space_);
  Sequence result(size_, kWordRest);
  if (spaced) result.front() = kWordStart;
  return result;
}

}  // namespace difflm
