#include "difflm/sampling/word_roles.h"

#include <fmt/format.h>

#include "difflm/core/error.h"
#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

bool is_letters(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const CodePoint point = code_point_at(bytes, at);
    if (point.value < 0 || kind_of_character(point.value) != CharacterKind::letter || is_unspaced(point.value)) return false;
    at += point.length;
  }
  return !bytes.empty();
}

}  // namespace

std::vector<WordRole> word_roles(const Tokenizer& tokenizer) {
  std::vector<WordRole> roles;
  for (Token token = 0; token < tokenizer.size(); ++token) {
    const std::string bytes = tokenizer.bytes(token);
    const bool starts = bytes.starts_with(' ') && is_letters(std::string_view(bytes).substr(1));
    roles.push_back(starts ? WordRole::start : is_letters(bytes) && token != kUnknown ? WordRole::rest : WordRole::none);
  }
  return roles;
}

bool spells_word(const KnownWord& word, const std::vector<WordRole>& roles) {
  for (size_t at = 0; at < word.tokens.size(); ++at) {
    if (roles[static_cast<size_t>(word.tokens[at])] != (at == 0 ? WordRole::start : WordRole::rest)) return false;
  }
  return !word.tokens.empty();
}

std::vector<KnownWord> words_of_texts(const Tokenizer& tokenizer) {
  auto words = tokenizer.known_words();
  if (words.empty()) {
    throw usage_error("sampling.spelling",
                      fmt::format("needs the words of the training texts, which the tokenizer '{}' has not kept", tokenizer.kind()),
                      "sample with sampling.spelling=free, or train with data.tokenizer=spaced");
  }
  return words;
}

}  // namespace difflm
