#include "difflm/syntax/link_grammar_tags.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <sstream>

namespace difflm {
namespace {

struct TaggedWords {
  std::string_view tag;
  std::string_view words;
};

constexpr std::array<TaggedWords, 11> kClosedClasses = {{
    {"DET", "the a an these those every each some any no all both another either neither"},
    {"CCONJ", "and or but nor"},
    {"SCONJ", "if because although though while since unless whereas whether until when"},
    {"PRON",
     "i me my mine we us our you your he him his she her it its they them their there who whom whose which what everyone "
     "everybody everything someone somebody something anyone anybody anything nobody nothing myself yourself himself "
     "herself itself ourselves themselves"},
    {"ADP",
     "of in at on by with from for near into onto upon among between beside besides behind above below under over along "
     "across around against within without during through throughout toward towards beyond beneath opposite off out than "
     "as per via amid despite except"},
    {"PART", "not"},
    {"AUX",
     "am is are was were be been being can could will would shall should may might must cannot isn't aren't wasn't weren't "
     "can't couldn't won't wouldn't shouldn't mustn't"},
    {"NUM", "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million"},
    {"ADV",
     "also very too only just quite rather really however therefore then here where how why next close more less yet still "
     "again always never often even so well far nearby somewhat somewhere downtown"},
    {"ADJ", "most"},
    {"INTJ", "yes oh wow hello"},
}};

constexpr std::string_view kHelpers = " have has had having haven't hasn't hadn't do does did doing don't doesn't didn't ";
constexpr std::string_view kOtherPrepositions = " like unlike worth past outside inside about up down before after ";

struct Subscript {
  std::string_view name;
  std::string_view tag;
};

// Of "coffee.n-u" the n. The p marks plural nouns ("people.p") and prepositions, which are listed.
constexpr std::array<Subscript, 20> kSubscripts = {{
    {"n", "NOUN"}, {"s", "NOUN"}, {"u", "NOUN"},  {"p", "NOUN"}, {"c", "NOUN"},  {"id", "NOUN"}, {"v", "VERB"},
    {"w", "VERB"}, {"q", "VERB"}, {"g", "VERB"},  {"a", "ADJ"},  {"ord", "ADJ"}, {"e", "ADV"},   {"ee", "ADV"},
    {"r", "ADP"},  {"d", "DET"},  {"ij", "INTJ"}, {"ti", "NUM"}, {"j", "CCONJ"}, {"h", "ADP"},
}};

bool is_upper(std::string_view word) { return !word.empty() && word.front() >= 'A' && word.front() <= 'Z'; }

bool contains_word(std::string_view list, std::string_view word) {
  return list.find(" " + std::string(word) + " ") != std::string_view::npos;
}

// "n-u" of "coffee.n-u"; "" of "coffee", "5.00" and "...".
std::string_view subscript_of(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return {};
  const auto subscript = name.substr(dot + 1);
  const bool letters = std::all_of(subscript.begin(), subscript.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  return letters ? subscript : std::string_view{};
}

std::string_view tag_of_that(std::string_view subscript) {
  if (subscript == "j-c") return "SCONJ";
  return subscript == "j-d" || subscript == "d" ? "DET" : "PRON";
}

std::string_view tag_of_subscript(std::string_view subscript) {
  const auto kind = subscript.substr(0, subscript.find('-'));
  const auto found = std::find_if(kSubscripts.begin(), kSubscripts.end(), [&](const auto& entry) { return entry.name == kind; });
  return found == kSubscripts.end() ? std::string_view{} : found->tag;
}

// Of a word whose subscript carries no more information.
std::string_view tag_of_form(std::string_view word, std::string_view lower) {
  for (const auto* nation : {"ese", "ish", "ian"}) {
    if (is_upper(word) && word.size() > 5 && word.ends_with(nation)) return "ADJ";
  }
  if (is_upper(word)) return "PROPN";
  return lower.size() > 4 && lower.ends_with("ly") ? "ADV" : "X";
}

}  // namespace

std::string lower_case(std::string_view word) {
  std::string result(word);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string_view closed_class_tag(std::string_view word) {
  static const std::map<std::string, std::string_view, std::less<>> tags = [] {
    std::map<std::string, std::string_view, std::less<>> result;
    for (const auto& [tag, words] : kClosedClasses) {
      std::istringstream stream{std::string(words)};
      for (std::string one; stream >> one;) result.emplace(one, tag);
    }
    return result;
  }();
  const auto found = tags.find(word);
  return found == tags.end() ? std::string_view{} : found->second;
}

bool is_number(std::string_view word) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; };
  if (word.empty()) return false;
  return (word.front() >= '0' && word.front() <= '9' && std::all_of(word.begin(), word.end(), digit)) ||
         closed_class_tag(word) == "NUM";
}

std::string universal_tag(std::string_view name, std::string_view word, bool helping) {
  const std::string lower = lower_case(word);
  const auto letter_or_digit = [](unsigned char c) { return std::isalnum(c) != 0 || c >= 0xC3; };
  if (std::none_of(word.begin(), word.end(), letter_or_digit)) return "PUNCT";
  const size_t digit = word.find_first_of("0123456789");
  if (digit < word.size() && std::none_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(digit),
                                          [](unsigned char c) { return std::isalpha(c) != 0; }))
    return word.find_first_of("abcdefghijklmnopqrstuvwxyz") < word.size() ? "ADJ" : "NUM";  // "3-star", "£20-25"
  const auto subscript = subscript_of(name);
  if (lower == "that") return std::string(tag_of_that(subscript));
  if (lower == "this") return subscript == "d" ? "DET" : "PRON";
  if (lower == "to") return helping ? "PART" : "ADP";
  if (const auto tag = closed_class_tag(lower); !tag.empty()) return std::string(tag);
  if (contains_word(kHelpers, lower)) return helping ? "AUX" : "VERB";
  if (contains_word(kOtherPrepositions, lower) && (subscript == "p" || subscript == "r" || subscript == "h" || subscript.empty()))
    return "ADP";
  const bool guessed = name.find('!') != std::string_view::npos;
  if (guessed && is_upper(word)) return "PROPN";
  if (guessed && word.find('-') != std::string_view::npos && !subscript.starts_with("n")) return "ADJ";
  const auto tag = tag_of_subscript(subscript);
  return std::string(tag.empty() ? tag_of_form(word, lower) : tag);
}

}  // namespace difflm
