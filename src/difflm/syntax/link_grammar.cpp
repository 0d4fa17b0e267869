#include "difflm/syntax/link_grammar.h"

#include <fmt/format.h>
#include <link-grammar/link-includes.h>
#include <locale.h>

#include <algorithm>
#include <span>

#include "difflm/core/error.h"
#include "difflm/syntax/link_grammar_phrasing.h"
#include "difflm/syntax/link_grammar_tags.h"
#include "difflm/syntax/link_grammar_tree.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

// The cost of parsing grows with the third power of the length; this bounds it on any machine. kSeconds is a last resort.
constexpr size_t kLongestSentence = 60;
constexpr int kSeconds = 20;
// Where there are more linkages than this, a sample is drawn, by a generator that is reset for each sentence.
constexpr int kLinkages = 1000;

// While one lives, this thread has a UTF-8 locale, and the messages of the library are dropped. Without such a locale the library
// sets that of the whole process, and prints a message.
class Guard {
 public:
  Guard() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(uselocale(locale_)) {
    lg_error_set_handler([](lg_errinfo*, void*) {}, nullptr);
  }
  ~Guard() {
    uselocale(before_);
    if (locale_ != nullptr) freelocale(locale_);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  locale_t locale_;
  locale_t before_;
};

bool ends_sentence(const std::string& word) { return word == "." || word == "!" || word == "?"; }

bool cannot_be_leaf(const std::string& word) { return word == "(" || word == ")" || word == "\n"; }

// Which words of a linkage help a verb to their right: the has of "has been" (link PP), the does of "does not
// allow" (I), the to of "to allow" (I).
std::vector<bool> helping_words(Linkage linkage) {
  std::vector<bool> helping(linkage_get_num_words(linkage), false);
  for (LinkIdx link = 0; link < linkage_get_num_links(linkage); ++link) {
    const std::string_view label = linkage_get_link_label(linkage, link);
    const bool infinitive = label.starts_with("I") && (label.size() == 1 || label[1] < 'A' || label[1] > 'Z');
    if (infinitive || label.starts_with("PP")) helping[linkage_get_link_lword(linkage, link)] = true;
  }
  return helping;
}

}  // namespace

class LinkGrammarParser::Library {
  template <auto release>
  struct Release {
    template <typename T>
    void operator()(T* object) const {
      release(object);
    }
  };
  using DictionaryHandle = std::unique_ptr<Dictionary_s, Release<dictionary_delete>>;
  using OptionsHandle = std::unique_ptr<Parse_Options_s, Release<parse_options_delete>>;
  using SentenceHandle = std::unique_ptr<Sentence_s, Release<sentence_delete>>;
  using LinkageHandle = std::unique_ptr<Linkage_s, Release<linkage_delete>>;
  using TreeHandle = std::unique_ptr<char, Release<linkage_free_constituent_tree_str>>;

 public:
  explicit Library(const std::string& dictionary)
      : options_(make_options()), dictionary_(dictionary_create_lang(dictionary.c_str())) {
    if (dictionary_ == nullptr)
      throw failure("link-grammar", fmt::format("no dictionary '{}'", dictionary), "apt-get install link-grammar-dictionaries-en");
  }

  // First with known words in place of some phrases, then unchanged, then both with the grammar of headlines, where nouns need no
  // article ("located in city centre"), which the library allows but reads less reliably.
  std::optional<Annotation> parse(std::span<const std::string> words) const {
    if (words.size() > kLongestSentence) return std::nullopt;
    const Phrasing known = known_phrasing(words);
    const Phrasing plain = plain_phrasing(words);
    for (const char* dialect : {"", "headline"}) {
      if (auto found = parse(words, known, dialect)) return found;
      if (known == plain) continue;
      if (auto found = parse(words, plain, dialect)) return found;
    }
    return std::nullopt;
  }

 private:
  static OptionsHandle make_options() {
    OptionsHandle options(parse_options_create());
    parse_options_set_verbosity(options.get(), 0);
    parse_options_set_max_null_count(options.get(), 0);
    parse_options_set_linkage_limit(options.get(), kLinkages);
    parse_options_set_max_parse_time(options.get(), kSeconds);
    parse_options_set_repeatable_rand(options.get(), true);
    parse_options_set_spell_guess(options.get(), 0);  // a misspelt word must not pass for the right one
    return options;
  }

  std::optional<Annotation> parse(std::span<const std::string> words, const Phrasing& phrasing, const char* dialect) const {
    std::string text;
    std::vector<size_t> ends;  // of each phrase, in bytes
    for (const auto& phrase : phrasing) {
      text += (text.empty() ? "" : " ") + phrase.text;
      ends.push_back(text.size());
    }
    parse_options_set_dialect(options_.get(), dialect);
    const SentenceHandle sentence(sentence_create(text.c_str(), dictionary_.get()));
    if (sentence == nullptr || sentence_split(sentence.get(), options_.get()) != 0) return std::nullopt;
    if (sentence_parse(sentence.get(), options_.get()) <= 0 || sentence_num_valid_linkages(sentence.get()) == 0 ||
        sentence_null_count(sentence.get()) != 0 || parse_options_resources_exhausted(options_.get()))
      return std::nullopt;
    const LinkageHandle linkage(linkage_create(0, sentence.get(), options_.get()));  // they are sorted by cost
    return linkage == nullptr ? std::nullopt : read(linkage.get(), text, words, phrasing, ends);
  }

  static std::optional<Annotation> read(Linkage linkage, const std::string& text, std::span<const std::string> words,
                                        const Phrasing& phrasing, const std::vector<size_t>& ends) {
    const auto helping = helping_words(linkage);
    Annotation result{std::vector<std::string>(words.size()), ""};
    std::vector<std::string> leaves;
    std::vector<size_t> first_leaves;  // of each phrase: a word that the library has split takes the place of its first part
    for (WordIdx i = 0; i < linkage_get_num_words(linkage); ++i) {
      const std::string name = linkage_get_word(linkage, i);
      if (name.find("-WALL") != std::string::npos) continue;
      const size_t start = linkage_get_word_byte_start(linkage, i);
      const size_t end = linkage_get_word_byte_end(linkage, i);
      const auto phrase = static_cast<size_t>(std::upper_bound(ends.begin(), ends.end(), start) - ends.begin());
      if (phrase > first_leaves.size() || phrase >= phrasing.size() || end > ends[phrase] || end < start) return std::nullopt;
      auto& tag = result.tags[phrasing[phrase].first];
      if (phrase == first_leaves.size() || tag == "PUNCT") tag = universal_tag(name, text.substr(start, end - start), helping[i]);
      if (phrase == first_leaves.size()) first_leaves.push_back(leaves.size());
      leaves.emplace_back();
    }
    if (first_leaves.size() != phrasing.size()) return std::nullopt;
    for (size_t i = 0; i < phrasing.size(); ++i) {
      const auto& phrase = phrasing[i];
      std::copy(phrase.tags.begin(), phrase.tags.end(), result.tags.begin() + static_cast<std::ptrdiff_t>(phrase.first));
      leaves[first_leaves[i]] = bracketed(phrase, words, result.tags);
    }
    const TreeHandle constituents(linkage_print_constituent_tree(linkage, SINGLE_LINE));
    if (constituents == nullptr) return std::nullopt;
    auto tree = tree_of_constituents(constituents.get(), leaves);
    if (!tree) return std::nullopt;
    result.tree = std::move(*tree);
    return result;
  }

  OptionsHandle options_;
  DictionaryHandle dictionary_;
};

LinkGrammarParser::LinkGrammarParser(const std::string& dictionary) {
  const Guard guard;
  library_ = std::make_unique<Library>(dictionary);
}

LinkGrammarParser::~LinkGrammarParser() = default;

std::optional<Annotation> LinkGrammarParser::annotate(const std::string& text) {
  const auto words = split_words(text);
  if (words.empty() || std::any_of(words.begin(), words.end(), cannot_be_leaf)) return std::nullopt;
  const Guard guard;
  Annotation result{{}, "(TEXT"};
  for (size_t first = 0, end = 0; first < words.size(); first = end) {
    while (end < words.size() && !ends_sentence(words[end])) ++end;
    while (end < words.size() && ends_sentence(words[end])) ++end;
    const auto sentence = library_->parse(std::span(words).subspan(first, end - first));
    if (!sentence) return std::nullopt;
    result.tags.insert(result.tags.end(), sentence->tags.begin(), sentence->tags.end());
    result.tree += " " + sentence->tree;
  }
  result.tree += ")";
  return result;
}

}  // namespace difflm
