#include "difflm/grammar/grammar_notation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "difflm/core/error.h"

namespace difflm {
namespace {

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) {
    if (part = trim(part); !part.empty()) parts.push_back(part);
  }
  return parts;
}

class NotationReader {
 public:
  NotationReader(std::string_view text, const std::string& origin) : text_(text) { result_.origin = origin; }

  GrammarNotation read() {
    std::istringstream lines{std::string(text_)};
    for (std::string line; std::getline(lines, line);) {
      ++line_;
      if (const auto comment = line.find('#'); comment != std::string::npos) line.resize(comment);
      const std::string content = trim(line);
      if (content.empty()) continue;
      if (line[0] == ' ' || line[0] == '\t') {
        if (!continued_) fail("an indented line without a head above it");
        in_words_ ? read_words(content) : read_alternative(content);
      } else {
        read_head(content);
      }
    }
    if (result_.start.empty()) fail("no start symbol, expected a line 'start S'");
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw usage_error(fmt::format("{}:{}", result_.origin, line_), what); }

  void read_head(const std::string& content) {
    continued_ = false;
    const auto words = split(content, ' ');
    const auto equals = content.find('=');
    const auto rest = [&](size_t from) { return std::vector<std::string>(words.begin() + static_cast<long>(from), words.end()); };
    if (words[0] == "feature" && words.size() > 3 && words[2] == "=") {
      features_[words[1]] = rest(3);
    } else if (words[0] == "alias" && words.size() == 4 && words[2] == "=") {
      aliases_[words[1]] = split(words[3], '|');
    } else if (words[0] == "start" && words.size() == 2) {
      result_.start = words[1];
    } else if (words[0] == "capitals") {
      result_.spelling.capitals = true;
      for (const auto& word : rest(1)) result_.spelling.capital_after.insert(word);
    } else if (words[0] == "longest" && words.size() == 2) {
      result_.longest = static_cast<size_t>(read_number(words[1]));
    } else if (words[0] == "article" && words.size() == 3) {
      result_.spelling.article = words[1];
      result_.spelling.vowel_article = words[2];
    } else if (words[0] == "vowel" || words[0] == "consonant") {
      auto& list = words[0] == "vowel" ? result_.spelling.vowel_words : result_.spelling.consonant_words;
      for (const auto& word : rest(1)) list.insert(word);
    } else if (words[0] == "words") {
      start_words(content);
    } else if (words.size() == 2 && words[1] == "=" && equals != std::string::npos) {
      head_ = read_item(words[0], true);
      continued_ = true;
      in_words_ = false;
    } else {
      fail(fmt::format("'{}', expected a directive, 'words HEAD TAG: ...' or 'HEAD ='", content));
    }
  }

  void start_words(const std::string& content) {
    const auto colon = content.find(": ", content.find(']') == std::string::npos ? 0 : content.find(']'));
    const auto end = colon == std::string::npos ? (content.back() == ':' ? content.size() - 1 : colon) : colon;
    if (end == std::string::npos) fail("expected ':' after the head of a list of words");
    std::string head = content.substr(6, end - 6);
    word_attributes_ = take_attributes(head);
    const auto parts = split(head, ' ');
    if (parts.size() != 2) fail("expected 'words HEAD TAG {field=value}: word, word'");
    head_ = read_item(parts[0], true);
    tag_ = parts[1];
    rank_ = 0;
    ++result_.written_rules;
    continued_ = in_words_ = true;
    read_words(content.substr(end + 1));
  }

  void read_words(const std::string& content) {
    for (auto text : split(content, ',')) {
      GrammarAlternative alternative;
      alternative.head = head_;
      alternative.weight = 1.0 / (++rank_ + 1);
      alternative.line = line_;
      alternative.attributes = word_attributes_;
      for (auto& [field, value] : take_attributes(text)) {
        auto& list = alternative.attributes;
        std::erase_if(list, [&](const auto& old) { return old.first == field; });
        list.emplace_back(field, value);
      }
      for (const auto& word : split(text, ' ')) {
        alternative.body.push_back(read_item(word.find('/') == std::string::npos ? word + "/" + tag_ : word, false));
      }
      result_.alternatives.push_back(std::move(alternative));
    }
  }

  void read_alternative(std::string content) {
    GrammarAlternative alternative;
    alternative.head = head_;
    alternative.line = line_;
    alternative.attributes = take_attributes(content);
    auto parts = split(content, ' ');
    if (parts.size() < 2) fail("expected 'WEIGHT SYMBOL ...'");
    alternative.weight = read_number(parts[0]);
    if (alternative.weight <= 0) fail("a weight must be above 0");
    for (size_t i = 1; i < parts.size(); ++i) alternative.body.push_back(read_item(parts[i], false));
    ++result_.written_rules;
    result_.alternatives.push_back(std::move(alternative));
  }

  // Cuts "{a=b}{c=d}" off the end.
  AttributeList take_attributes(std::string& text) const {
    AttributeList attributes;
    const auto first = text.find('{');
    if (first == std::string::npos) return attributes;
    for (const auto& part : split(text.substr(first + 1), '{')) {
      const auto equals = part.find('=');
      if (equals == std::string::npos || part.back() != '}') fail(fmt::format("'{{{}', expected {{field=value}}", part));
      attributes.emplace_back(part.substr(0, equals), part.substr(equals + 1, part.size() - equals - 2));
    }
    text = trim(text.substr(0, first));
    return attributes;
  }

  double read_number(const std::string& text) const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) fail(fmt::format("'{}', expected a number", text));
    return value;
  }

  // "NP[n,k=a|b]?0.5" or "word/TAG"; a feature of a head names its variable even where it restricts the values.
  GrammarItem read_item(std::string text, bool head) {
    GrammarItem item;
    if (const auto mark = text.rfind('?');
        !head && mark != std::string::npos && mark > 0 && mark + 1 < text.size() && text[mark + 1] != '/') {
      item.probability = read_number(text.substr(mark + 1));
      if (item.probability <= 0 || item.probability >= 1) fail("the probability of an optional part must be between 0 and 1");
      text.resize(mark);
    }
    if (const auto slash = text.rfind('/'); !head && slash != std::string::npos && slash > 0 && slash + 1 < text.size()) {
      item.name = text;
      item.terminal = true;
      if (text.substr(0, slash) == result_.spelling.vowel_article)
        fail(fmt::format("'{}' is spelling, expected '{}'", text, result_.spelling.article));
      if (text.find_first_of("()[]") != std::string::npos) fail(fmt::format("'{}': no brackets in words", text));
      return item;
    }
    const auto open = text.find('[');
    item.name = text.substr(0, open);
    if (item.name.empty()) fail(fmt::format("'{}' has no name", text));
    if (open == std::string::npos) return item;
    if (text.back() != ']') fail(fmt::format("'{}', expected ']' at its end", text));
    for (const auto& part : split(text.substr(open + 1, text.size() - open - 2), ','))
      item.features.push_back(read_feature(part, head));
    std::sort(item.features.begin(), item.features.end(), [](const auto& a, const auto& b) { return a.feature < b.feature; });
    return item;
  }

  FeatureUse read_feature(const std::string& part, bool head) {
    FeatureUse use;
    const auto equals = part.find_first_of("=:");
    use.feature = part.substr(0, equals);
    const auto known = features_.find(use.feature);
    if (known == features_.end()) fail(fmt::format("'{}' is no feature", use.feature));
    use.variable = use.feature;
    if (equals == std::string::npos) {
      use.values = known->second;
    } else if (part[equals] == ':') {
      use.variable = part.substr(equals + 1);
      use.values = known->second;
    } else {
      if (!head) use.variable = fmt::format("?{}", ++anonymous_);
      for (const auto& name : split(part.substr(equals + 1), '|')) add_values(name, known->second, use.values);
    }
    return use;
  }

  void add_values(const std::string& name, const std::vector<std::string>& known, std::vector<std::string>& values) const {
    const auto alias = aliases_.find(name);
    if (name == "*") {
      values.insert(values.end(), known.begin(), known.end());
    } else if (alias != aliases_.end()) {
      for (const auto& member : alias->second) add_values(member, known, values);
    } else if (std::find(known.begin(), known.end(), name) != known.end()) {
      values.push_back(name);
    } else {
      fail(fmt::format("'{}' is no value of the feature", name));
    }
  }

  std::string_view text_;
  GrammarNotation result_;
  std::map<std::string, std::vector<std::string>> features_;  // values of each
  int line_ = 0;
  std::map<std::string, std::vector<std::string>> aliases_;
  bool continued_ = false, in_words_ = false;
  GrammarItem head_;
  std::string tag_;
  AttributeList word_attributes_;
  int rank_ = 0;
  int anonymous_ = 0;
};

}  // namespace

GrammarNotation read_grammar_notation(std::string_view text, const std::string& origin) {
  return NotationReader(text, origin).read();
}

}  // namespace difflm
