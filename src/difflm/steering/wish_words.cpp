#include "difflm/steering/wish_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "difflm/core/error.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

// A vocabulary is too long to list: the nearest word, or where its words come from.
std::string hint_for(const std::string& word, const Tokenizer& tokenizer) {
  std::vector<std::string> pieces;
  for (Token token = kSpecialTokens; token < tokenizer.size(); ++token) pieces.push_back(tokenizer.piece(token));
  const std::string nearest = nearest_name(word, pieces);
  if (!nearest.empty()) return fmt::format("did you mean '{}'?", nearest);
  return fmt::format("it has the {} most frequent words of the training texts", pieces.size());
}

// Only ASCII letters change case here: the other spellings of a word depend on its language.
WordClass spellings(Token token, const Tokenizer& tokenizer) {
  WordClass word = {token};
  const std::string piece = tokenizer.piece(token);
  const size_t first = piece.find_first_not_of(' ');
  for (const bool upper : {true, false}) {
    std::string other = piece;
    if (first == std::string::npos) continue;
    const auto letter = static_cast<unsigned char>(other[first]);
    other[first] = static_cast<char>(upper ? std::toupper(letter) : std::tolower(letter));
    const auto tokens = other == piece ? std::vector<Token>() : tokenizer.encode(other);
    if (tokens.size() == 1 && tokens[0] != kUnknown && tokenizer.piece(tokens[0]) == other) word.push_back(tokens[0]);
  }
  std::sort(word.begin(), word.end());
  return word;
}

}  // namespace

std::vector<std::string> split_at_spaces(std::string_view text) {
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = text.find_first_not_of(" \t\n", at);
    if (begin == std::string_view::npos) break;
    const size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    at = end;
  }
  return words;
}

std::vector<Token> wish_tokens(const std::string& text, const Tokenizer& tokenizer, const std::string& option) {
  const auto tokens = tokenizer.encode(text);
  if (std::find(tokens.begin(), tokens.end(), kUnknown) == tokens.end()) return tokens;
  for (const auto& word : split_at_spaces(text)) {
    const auto own = tokenizer.encode(word);
    if (std::find(own.begin(), own.end(), kUnknown) != own.end()) {
      throw usage_error(option, fmt::format("'{}' is not a word of the model's vocabulary", word), hint_for(word, tokenizer));
    }
  }
  throw usage_error(option, fmt::format("'{}' contains a word that is not in the model's vocabulary", text));
}

std::vector<std::vector<WordClass>> wish_phrases(const std::string& wish, const Tokenizer& tokenizer, const std::string& option) {
  std::vector<std::string> phrases(1);
  for (const auto& word : split_at_spaces(wish)) {
    if (word == "...") {
      phrases.emplace_back();
    } else {
      phrases.back() += (phrases.back().empty() ? "" : " ") + word;
    }
  }
  std::vector<std::vector<WordClass>> result;
  for (const auto& phrase : phrases) {
    if (phrase.empty())
      throw usage_error(option,
                        fmt::format("'{}' has no word, expected words, with ... between those that follow one another", wish));
    result.emplace_back();
    // As it occurs inside a text: for byte pairs and characters, the space before a word is part of its token, or a token itself.
    for (const Token token : wish_tokens(" " + phrase, tokenizer, option)) result.back().push_back(spellings(token, tokenizer));
  }
  return result;
}

}  // namespace difflm
