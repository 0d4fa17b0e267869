#include "difflm/sampling/open_words.h"

#include <vector>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr float kExcluded = -1e4F;  // nats

// Whether the bytes are letters and what links them; a space counts where it is implied after a hyphen.
bool is_of_one_word(std::string_view bytes) {
  int32_t before = 0;
  for (size_t at = 0; at < bytes.size();) {
    const CodePoint point = code_point_at(bytes, at);
    const bool letter = point.value >= 0 && is_in_word(kind_of_character(point.value));
    const bool link = before != 0 && (is_apostrophe(point.value) || is_hyphen(point.value) || point.value == '.' ||
                                      (point.value == ' ' && is_hyphen(before)));
    if (!letter && !link) return false;
    before = point.value;
    at += point.length;
  }
  return before != 0;
}

}  // namespace

Tensor open_word_penalties(const Tokenizer& tokenizer) {
  std::vector<Token> starts;
  std::vector<Token> rests;
  std::vector<Token> spaces;
  for (Token token = kSpecialTokens; token < tokenizer.size(); ++token) {
    const std::string bytes = tokenizer.bytes(token);
    if (bytes == " ") {
      spaces.push_back(token);
    } else if (bytes.starts_with(' ')) {
      if (is_of_one_word(std::string_view(bytes).substr(1))) starts.push_back(token);
    } else if (is_of_one_word(bytes)) {
      rests.push_back(token);
    }
  }
  if (starts.empty()) starts = spaces;  // characters: the space is a token of its own
  Tensor penalties = torch::zeros({3, tokenizer.size()});
  const auto allow = [&](int64_t row, const std::vector<Token>& tokens) {
    if (tokens.empty()) return;
    Tensor own = penalties[row].fill_(kExcluded);
    for (const Token token : tokens) own[token] = 0;
  };
  allow(1, starts);
  allow(2, rests);
  return penalties;
}

}  // namespace difflm
