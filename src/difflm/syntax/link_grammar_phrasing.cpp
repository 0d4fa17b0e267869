#include "difflm/syntax/link_grammar_phrasing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "difflm/syntax/link_grammar_tags.h"

namespace difflm {
namespace {

constexpr std::array<std::string_view, 6> kGuests = {"family", "families", "kid", "kids", "child", "children"};
constexpr std::array<std::string_view, 9> kDegrees = {"high",   "higher",   "low",     "lower", "mid",
                                                      "medium", "moderate", "average", "fair"};
constexpr std::array<std::string_view, 3> kPluralPronouns = {"they", "we", "you"};

template <size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class Finder {
 public:
  explicit Finder(std::span<const std::string> words) : words_(words) {}

  Phrase at(size_t first) const {
    for (const auto find : {&Finder::not_friendly, &Finder::friendly, &Finder::level, &Finder::score, &Finder::mark,
                            &Finder::prices, &Finder::plural_be, &Finder::name}) {
      if (auto phrase = (this->*find)(first)) return *phrase;
    }
    return {words_[first], first, 1, {}, ""};
  }

 private:
  std::string word(size_t i) const { return i < words_.size() ? lower_case(words_[i]) : ""; }

  std::optional<Phrase> friendly(size_t first) const {
    if (word(first).ends_with("-friendly")) return Phrase{"friendly", first, 1, {"ADJ"}, ""};
    if (is_one_of(word(first), kGuests) && word(first + 1) == "friendly")
      return Phrase{"friendly", first, 2, {"NOUN", "ADJ"}, "ADJP"};
    return std::nullopt;
  }

  std::optional<Phrase> not_friendly(size_t first) const {
    auto rest = word(first) == "non" ? friendly(first + 1) : std::nullopt;
    if (!rest) return std::nullopt;
    rest->tags.insert(rest->tags.begin(), "ADV");
    return Phrase{rest->text, first, rest->count + 1, rest->tags, "ADJP"};
  }

  std::optional<Phrase> level(size_t first) const {
    if (!is_one_of(word(first), kDegrees) || (word(first + 1) != "priced" && word(first + 1) != "rated")) return std::nullopt;
    return Phrase{after_an(first) ? "expensive" : "cheap", first, 2, {"ADJ", "ADJ"}, "ADJP"};
  }

  std::optional<Phrase> score(size_t first) const {
    if (word(first) == "rating") return Phrase{"reputation", first, 1, {"NOUN"}, ""};
    if (word(first) == "ratings") return Phrase{"reputations", first, 1, {"NOUN"}, ""};
    return std::nullopt;
  }

  std::optional<Phrase> mark(size_t first) const {
    if (!is_number(word(first)) || word(first + 1) != "out" || word(first + 2) != "of" || !is_number(word(first + 3)))
      return std::nullopt;
    const std::string before = first == 0 ? "" : word(first - 1);
    const std::string behind = word(first + 4);
    const bool open_class = !behind.empty() && closed_class_tag(behind).empty() && is_letter(behind);
    const bool described = before == "rated" || before == "it" || before == "them";
    if (!open_class && !described) return std::nullopt;
    const std::string known = !open_class ? "highly" : after_an(first) ? "excellent" : "good";
    return Phrase{known, first, 4, {"NUM", "ADP", "ADP", "NUM"}, "QP"};
  }

  std::optional<Phrase> prices(size_t first) const {
    const bool price = word(first).starts_with("£");
    if (price && word(first + 1) == "-" && (word(first + 2).starts_with("£") || is_number(word(first + 2))))
      return Phrase{"£20", first, 3, {"NUM", "PUNCT", "NUM"}, "QP"};
    if (price && word(first).find('-') != std::string::npos) return Phrase{"£20", first, 1, {"NUM"}, ""};
    return std::nullopt;
  }

  std::optional<Phrase> plural_be(size_t first) const {
    if (word(first) != "are" || first == 0 || !is_one_of(word(0), kPluralPronouns)) return std::nullopt;
    const std::string before = word(first - 1);
    if (before != word(0) && before != "and" && before != "but" && before != "or") return std::nullopt;
    return Phrase{"were", first, 1, {"AUX"}, ""};
  }

  std::optional<Phrase> name(size_t first) const {
    if (!capital(first) || !closed_class_tag(word(first)).empty()) return std::nullopt;
    if (capital(first + 1) && word(first).size() > 3 && word(first).ends_with("s"))
      return Phrase{words_[first].substr(0, words_[first].size() - 1), first, 1, {"PROPN"}, ""};
    if (first == 0 || word(first - 1) != "the" || word(first).ends_with("s")) return std::nullopt;
    const std::string behind = word(first + 1);
    if (!behind.empty() && is_letter(behind) && closed_class_tag(behind).empty() && behind != "has") return std::nullopt;
    return Phrase{"Eagle", first, 1, {"PROPN"}, ""};
  }

  bool capital(size_t i) const { return i < words_.size() && words_[i].front() >= 'A' && words_[i].front() <= 'Z'; }

  bool after_an(size_t first) const { return first > 0 && word(first - 1) == "an"; }

  static bool is_letter(const std::string& text) { return text.front() >= 'a' && text.front() <= 'z'; }

  std::span<const std::string> words_;
};

}  // namespace

Phrasing plain_phrasing(std::span<const std::string> words) {
  Phrasing result;
  for (size_t i = 0; i < words.size(); ++i) result.push_back({words[i], i, 1, {}, ""});
  return result;
}

Phrasing known_phrasing(std::span<const std::string> words) {
  Phrasing result;
  const Finder finder(words);
  for (size_t i = 0; i < words.size(); i += result.back().count) result.push_back(finder.at(i));
  return result;
}

std::string bracketed(const Phrase& phrase, std::span<const std::string> words, const std::vector<std::string>& tags) {
  std::string result;
  for (size_t i = phrase.first; i < phrase.first + phrase.count; ++i)
    result += fmt::format("{}({} {})", i == phrase.first ? "" : " ", tags[i], words[i]);
  return phrase.count == 1 ? result : fmt::format("({} {})", phrase.label, result);
}

}  // namespace difflm
