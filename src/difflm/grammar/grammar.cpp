#include "difflm/grammar/grammar.h"

#include <cmath>

namespace difflm {
namespace {

std::string capitalised(std::string word) {
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string lowered(std::string word) {
  for (auto& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

// Reads a derivation back into words, tree and attributes.
class Describer {
 public:
  Describer(const CompiledGrammar& grammar, const std::vector<int>& derivation) : grammar_(grammar), derivation_(derivation) {}

  // First pass: plain words, tags, where fields are set.
  void collect(int symbol, std::vector<std::string>& plain, Sentence& sentence) {
    const auto& about = grammar_.symbols[static_cast<size_t>(symbol)];
    if (about.terminal()) {
      plain.push_back(about.word);
      sentence.tags.push_back(about.label);
      return;
    }
    const auto& rule = grammar_.rules[static_cast<size_t>(derivation_[next_++])];
    sentence.log_probability += std::log(rule.probability);
    const size_t first = plain.size();
    for (const int part : rule.body) collect(part, plain, sentence);
    for (const auto& [field, value] : rule.attributes) fields_.push_back({field, value, first, plain.size()});
  }

  // The fields, a value "$" read from `words`.
  std::map<std::string, std::string> attributes(const std::vector<std::string>& words) const {
    std::map<std::string, std::string> result;
    for (const auto& field : fields_) {
      std::string text = field.value == "$" ? "" : field.value;
      if (text.empty()) {
        for (size_t i = field.first; i < field.end; ++i) text += (i > field.first ? " " : "") + words[i];
      }
      auto& held = result[field.name];
      held += (held.empty() ? "" : ", ") + text;
    }
    return result;
  }

  // Second pass, over spelled words.
  void draw(int symbol, const std::vector<std::string>& words, std::string& tree) {
    const auto& about = grammar_.symbols[static_cast<size_t>(symbol)];
    const auto separate = [&] {
      if (!tree.empty() && tree.back() != ' ') tree += ' ';
    };
    if (about.terminal()) {
      separate();
      tree += "(" + about.label + " " + words[word_++] + ")";
      return;
    }
    const auto& rule = grammar_.rules[static_cast<size_t>(derivation_[drawn_++])];
    if (!about.label.empty()) {
      separate();
      tree += "(" + about.label;
    }
    for (const int part : rule.body) draw(part, words, tree);
    if (!about.label.empty()) tree += ")";
  }

 private:
  struct Field {
    std::string name, value;
    size_t first, end;  // the words of the constituent
  };

  const CompiledGrammar& grammar_;
  const std::vector<int>& derivation_;
  std::vector<Field> fields_;
  size_t next_ = 0, drawn_ = 0, word_ = 0;
};

}  // namespace

Grammar::Grammar(const GrammarNotation& notation)
    : written_rules_(notation.written_rules),
      longest_(notation.longest),
      spelling_(notation.spelling),
      compiled_(compile_grammar(notation)),
      chart_(compiled_),
      rules_of_(compiled_.symbols.size()) {
  for (size_t r = 0; r < compiled_.rules.size(); ++r) {
    rules_of_[static_cast<size_t>(compiled_.rules[r].head)].push_back(static_cast<int>(r));
  }
  for (size_t s = 0; s < compiled_.symbols.size(); ++s) {
    const auto& symbol = compiled_.symbols[s];
    if (!symbol.terminal()) continue;
    terminals_[symbol.word].push_back(static_cast<int>(s));
    capital_terminals_[capitalised(symbol.word)].push_back(static_cast<int>(s));
  }
}

Sentence Grammar::generate(RandomStream& random) const {
  while (true) {
    Sentence sentence = describe(draw(random));
    if (sentence.words.size() <= longest_) return sentence;
  }
}

std::vector<int> Grammar::draw(RandomStream& random) const {
  std::vector<int> rules;
  std::vector<int> open = {compiled_.start};  // the leftmost unexpanded symbol last
  while (!open.empty()) {
    const auto symbol = static_cast<size_t>(open.back());
    open.pop_back();
    if (compiled_.symbols[symbol].terminal()) continue;
    double left = random.uniform();
    int chosen = rules_of_[symbol].back();  // where rounding leaves a remainder
    for (const int rule : rules_of_[symbol]) {
      left -= compiled_.rules[static_cast<size_t>(rule)].probability;
      if (left < 0) {
        chosen = rule;
        break;
      }
    }
    rules.push_back(chosen);
    const auto& body = compiled_.rules[static_cast<size_t>(chosen)].body;
    open.insert(open.end(), body.rbegin(), body.rend());
  }
  return rules;
}

std::optional<Sentence> Grammar::parse(std::span<const std::string> words) const {
  const auto rules = derivation(words);
  if (rules.empty()) return std::nullopt;
  return describe(rules);
}

bool Grammar::accepts(std::span<const std::string> words) const { return !derivation(words).empty(); }

std::vector<int> Grammar::derivation(std::span<const std::string> words) const {
  if (words.size() > longest_) return {};
  return chart_.best_derivation(unspell(words));
}

Sentence Grammar::describe(const std::vector<int>& derivation) const {
  Sentence sentence;
  std::vector<std::string> plain;
  Describer describer(compiled_, derivation);
  describer.collect(compiled_.start, plain, sentence);
  plain = with_articles(std::move(plain));
  sentence.attributes = describer.attributes(plain);
  sentence.words = with_capitals(std::move(plain));
  describer.draw(compiled_.start, sentence.words, sentence.tree);
  return sentence;
}

bool Grammar::starts_sentence(std::span<const std::string> words, size_t at) const {
  return spelling_.capitals && (at == 0 || spelling_.capital_after.count(words[at - 1]) > 0);
}

bool Grammar::vowel_follows(std::span<const std::string> words, size_t at) const {
  if (at + 1 >= words.size()) return false;
  const std::string next = lowered(words[at + 1]);
  if (spelling_.vowel_words.count(next)) return true;
  if (next.empty() || spelling_.consonant_words.count(next)) return false;
  return std::string_view("aeiou").find(next[0]) != std::string_view::npos;
}

std::vector<std::string> Grammar::with_articles(std::vector<std::string> words) const {
  for (size_t i = 0; !spelling_.article.empty() && i < words.size(); ++i) {
    if (words[i] == spelling_.article && vowel_follows(words, i)) words[i] = spelling_.vowel_article;
  }
  return words;
}

std::vector<std::string> Grammar::with_capitals(std::vector<std::string> words) const {
  for (size_t i = 0; i < words.size(); ++i) {
    if (starts_sentence(words, i)) words[i] = capitalised(words[i]);
  }
  return words;
}

std::vector<std::vector<int>> Grammar::unspell(std::span<const std::string> words) const {
  std::vector<std::vector<int>> candidates(words.size());
  for (size_t i = 0; i < words.size(); ++i) {
    const bool capital = starts_sentence(words, i);
    std::string word = words[i];
    if (!spelling_.article.empty()) {
      const auto spelled = [&](const std::string& plain) { return capital ? capitalised(plain) : plain; };
      const bool vowel = vowel_follows(words, i);
      if (word == spelled(vowel ? spelling_.vowel_article : spelling_.article)) {
        word = spelled(spelling_.article);
      } else if (word == spelled(spelling_.article) || word == spelled(spelling_.vowel_article)) {
        continue;  // the wrong article
      }
    }
    const auto& table = capital ? capital_terminals_ : terminals_;
    if (const auto known = table.find(word); known != table.end()) candidates[i] = known->second;
  }
  return candidates;
}

}  // namespace difflm
