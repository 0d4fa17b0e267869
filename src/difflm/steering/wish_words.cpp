#include "difflm/steering/wish_words.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

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

// The other case of a letter, or the letter itself.
int32_t other_case(int32_t letter) {
  const int32_t lower = utf8proc_tolower(letter);
  return lower != letter ? lower : utf8proc_toupper(letter);
}

// Calls visit(character, begins a word).
void for_each_letter(std::string_view text, const auto& visit) {
  bool in_word = false;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const bool letter = is_in_word(kind_of_character(point.value));
    visit(point.value, letter && !in_word);
    in_word = letter || (in_word && is_apostrophe(point.value));
    at += point.length;
  }
}

// `text` with the first letter of its first word in the other case.
std::string in_other_case(std::string_view text) {
  std::string result;
  bool changed = false;
  for_each_letter(text, [&](int32_t character, bool begins) {
    append_code_point(result, begins && !changed ? other_case(character) : character);
    changed = changed || begins;
  });
  return result;
}

std::vector<std::string> forms_of(const std::string& text) {
  std::vector<std::string> forms;
  const std::string valid = to_valid_utf8(text);
  for (const auto& form : {valid, compose(valid), decompose(valid)}) {
    if (std::find(forms.begin(), forms.end(), form) == forms.end()) forms.push_back(form);
  }
  return forms;
}

bool occurs(const std::string& text, const std::vector<Document>& documents) {
  const std::string other = in_other_case(text);
  return std::any_of(documents.begin(), documents.end(), [&](const Document& document) {
    return document.text.find(text) != std::string::npos || document.text.find(other) != std::string::npos;
  });
}

size_t parts_of_characters(const std::vector<Token>& tokens, const Tokenizer& tokenizer) {
  return static_cast<size_t>(
      std::count_if(tokens.begin(), tokens.end(), [&](Token token) { return !is_valid_utf8(tokenizer.bytes(token)); }));
}

bool holds_unknown(const std::vector<Token>& tokens) { return std::find(tokens.begin(), tokens.end(), kUnknown) != tokens.end(); }

// The forms of `text` that the model knows best: those of the training texts, or those with the fewest bytes that are no
// characters.
std::vector<std::string> known_forms(const std::string& text, const KnownText& known) {
  std::vector<std::string> forms = forms_of(text);
  if (forms.size() == 1) return forms;
  std::vector<std::string> met;
  for (const auto& form : forms) {
    if (occurs(form, known.training)) met.push_back(form);
  }
  if (!met.empty()) return met;
  const auto cost = [&](const std::string& form) {
    const auto tokens = known.tokenizer.encode(form);
    return holds_unknown(tokens) ? tokens.size() + 1 : parts_of_characters(tokens, known.tokenizer);
  };
  size_t least = cost(forms.front());
  for (const auto& form : forms) least = std::min(least, cost(form));
  std::erase_if(forms, [&](const std::string& form) { return cost(form) > least; });
  return forms;
}

// `text` with each word that the vocabulary lacks in the other case of its first letter, where it has that.
std::string in_known_case(const std::string& text, const Tokenizer& tokenizer) {
  std::string result;
  for (const auto& word : split_at_spaces(text)) {
    const std::string other = in_other_case(word);
    const bool replace = holds_unknown(tokenizer.encode(word)) && !holds_unknown(tokenizer.encode(other));
    result += (result.empty() ? "" : " ") + (replace ? other : word);
  }
  return result;
}

void check_known(const std::string& text, const Tokenizer& tokenizer, const std::string& option) {
  if (!holds_unknown(tokenizer.encode(text))) return;
  for (const auto& word : split_at_spaces(text)) {
    if (!holds_unknown(tokenizer.encode(word))) continue;
    throw usage_error(option, fmt::format("'{}' is not a word of the model's vocabulary", word), hint_for(word, tokenizer));
  }
  throw usage_error(option, fmt::format("'{}' contains a word that is not in the model's vocabulary", text));
}

std::string bytes_of(const std::vector<Token>& tokens, const Tokenizer& tokenizer) {
  std::string bytes;
  for (const Token token : tokens) bytes += tokenizer.bytes(token);
  return bytes;
}

PhraseSpelling spelling_of(const std::string& text, const Tokenizer& tokenizer) {
  std::string bytes = bytes_of(tokenizer.encode(text), tokenizer);
  if (bytes.starts_with(' ') && !text.starts_with(' ')) bytes.erase(0, 1);  // the space of a first word is the border before it
  PhraseSpelling spelling;
  for_each_letter(bytes, [&](int32_t character, bool begins) {
    spelling.push_back({character});
    if (begins && other_case(character) != character) spelling.back().push_back(other_case(character));
  });
  return spelling;
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

std::vector<Token> wish_tokens(const std::string& text, const KnownText& known, const std::string& option, bool after_word) {
  const Tokenizer& tokenizer = known.tokenizer;
  const std::string form = known_forms(text, known).front();
  check_known(form, tokenizer, option);
  if (!after_word) return tokenizer.encode(form);
  // Encoded after a word, whose own tokens are then taken away again.
  static const std::string kWord = "a";
  const std::string before = bytes_of(tokenizer.encode(kWord), tokenizer);
  const auto tokens = tokenizer.encode(kWord + form);
  size_t at = 0;
  std::string read;
  while (at < tokens.size() && read.size() < before.size()) read += tokenizer.bytes(tokens[at++]);
  if (read == before) return {tokens.begin() + static_cast<std::ptrdiff_t>(at), tokens.end()};
  return tokenizer.encode(form);
}

std::vector<WishPhrase> wish_phrases(const std::string& wish, const KnownText& known, const std::string& option) {
  std::vector<std::string> phrases(1);
  for (const auto& word : split_at_spaces(wish)) {
    if (word == "..." || word == "\u2026") {
      phrases.emplace_back();
    } else {
      phrases.back() += (phrases.back().empty() ? "" : " ") + word;
    }
  }
  std::vector<WishPhrase> result;
  for (const auto& phrase : phrases) {
    if (phrase.empty()) {
      throw usage_error(option,
                        fmt::format("'{}' has no word, expected words, with ... between those that follow one another", wish));
    }
    result.emplace_back();
    for (const auto& form : known_forms(phrase, known)) {
      const std::string text = in_known_case(form, known.tokenizer);
      check_known(text, known.tokenizer, option);
      result.back().push_back(spelling_of(text, known.tokenizer));
    }
  }
  return result;
}

}  // namespace difflm
