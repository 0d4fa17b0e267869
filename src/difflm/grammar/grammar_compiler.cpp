#include "difflm/grammar/grammar_compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "difflm/core/error.h"

namespace difflm {
namespace {

// Writes out every assignment of values and every choice of optional parts, then prunes and normalises.
class Compiler {
 public:
  explicit Compiler(const GrammarNotation& notation) : notation_(notation) {}

  CompiledGrammar compile() {
    check_symbols();
    for (size_t i = 0; i < notation_.alternatives.size(); ++i) expand_alternative(notation_.alternatives[i], i);
    result_.start = symbol(GrammarItem{notation_.start, {}, 1, false}, {});
    keep_productive();
    keep_reachable();
    normalise();
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& what, int line = 0) const {
    throw usage_error(line ? fmt::format("{}:{}", notation_.origin, line) : notation_.origin, what);
  }

  using Assignment = std::map<std::string, std::string>;

  static std::string feature_list(const GrammarItem& item) {
    std::string list;
    for (const auto& use : item.features) list += (list.empty() ? "" : ",") + use.feature;
    return list;
  }

  // Every symbol must have rules, and the same features everywhere.
  void check_symbols() {
    std::map<std::string, std::string> heads;
    for (const auto& alternative : notation_.alternatives) {
      const auto [known, fresh] = heads.emplace(alternative.head.name, feature_list(alternative.head));
      if (known->second != feature_list(alternative.head)) {
        fail(fmt::format("{} has other features than above", alternative.head.name), alternative.line);
      }
    }
    for (const auto& alternative : notation_.alternatives) {
      bool required = false;
      for (const auto& item : alternative.body) {
        required |= item.probability == 1;
        if (item.terminal) continue;
        const auto known = heads.find(item.name);
        if (known == heads.end()) fail(fmt::format("{} has no rule", item.name), alternative.line);
        if (known->second != feature_list(item)) {
          fail(fmt::format("{} has the features [{}]", item.name, known->second), alternative.line);
        }
      }
      if (!required) fail("the rule can be empty", alternative.line);
    }
    const auto start = heads.find(notation_.start);
    if (start == heads.end() || !start->second.empty()) fail("the start symbol needs rules and no features");
  }

  void expand_alternative(const GrammarAlternative& alternative, size_t index) {
    std::vector<std::pair<std::string, std::vector<std::string>>> variables;
    const auto collect = [&](const GrammarItem& item) {
      for (const auto& use : item.features) {
        const bool known = std::any_of(variables.begin(), variables.end(), [&](const auto& v) { return v.first == use.variable; });
        if (!known) variables.emplace_back(use.variable, use.values);
      }
    };
    collect(alternative.head);
    for (const auto& item : alternative.body) collect(item);
    Assignment values;
    assign(alternative, index, variables, 0, values);
  }

  void assign(const GrammarAlternative& alternative, size_t index,
              const std::vector<std::pair<std::string, std::vector<std::string>>>& variables, size_t next, Assignment& values) {
    if (next == variables.size()) return add_rules(alternative, index, values);
    for (const auto& value : variables[next].second) {
      values[variables[next].first] = value;
      assign(alternative, index, variables, next + 1, values);
    }
  }

  void add_rules(const GrammarAlternative& alternative, size_t index, const Assignment& values) {
    std::vector<size_t> optional;
    for (size_t i = 0; i < alternative.body.size(); ++i) {
      if (alternative.body[i].probability < 1) optional.push_back(i);
    }
    const int head = symbol(alternative.head, values);
    for (size_t mask = 0; mask < (size_t{1} << optional.size()); ++mask) {
      GrammarRule rule;
      rule.head = head;
      rule.attributes = alternative.attributes;
      rule.probability = alternative.weight;
      size_t seen = 0;
      for (const auto& item : alternative.body) {
        if (item.probability < 1) {
          const bool present = mask >> seen++ & 1;
          rule.probability *= present ? item.probability : 1 - item.probability;
          if (!present) continue;
        }
        rule.body.push_back(symbol(item, values));
      }
      result_.rules.push_back(std::move(rule));
      groups_.push_back(fmt::format("{} {} {}", index, head, mask));
    }
  }

  int symbol(const GrammarItem& item, const Assignment& values) {
    std::string name = item.name;
    for (size_t i = 0; i < item.features.size(); ++i) {
      name += (i ? "," : "[") + values.at(item.features[i].variable) + (i + 1 == item.features.size() ? "]" : "");
    }
    const auto [known, fresh] = index_.emplace(name, static_cast<int>(result_.symbols.size()));
    if (fresh) {
      GrammarSymbol symbol;
      symbol.name = name;
      if (item.terminal) {
        symbol.word = name.substr(0, name.rfind('/'));
        symbol.label = name.substr(name.rfind('/') + 1);
      } else if (name[0] != '_') {
        symbol.label = item.name.substr(0, item.name.find('.'));
      }
      result_.symbols.push_back(std::move(symbol));
    }
    return known->second;
  }

  template <class Keep>
  void keep_rules(Keep keep) {
    size_t kept = 0;
    for (size_t i = 0; i < result_.rules.size(); ++i) {
      if (!keep(result_.rules[i])) continue;
      std::swap(result_.rules[kept], result_.rules[i]);
      std::swap(groups_[kept++], groups_[i]);
    }
    result_.rules.resize(kept);
    groups_.resize(kept);
  }

  void keep_productive() {
    std::vector<bool> productive(result_.symbols.size());
    for (size_t i = 0; i < productive.size(); ++i) productive[i] = result_.symbols[i].terminal();
    const auto derives = [&](const GrammarRule& rule) {
      return std::all_of(rule.body.begin(), rule.body.end(), [&](int part) { return productive[static_cast<size_t>(part)]; });
    };
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& rule : result_.rules) {
        if (productive[static_cast<size_t>(rule.head)] || !derives(rule)) continue;
        productive[static_cast<size_t>(rule.head)] = changed = true;
      }
    }
    if (!productive[static_cast<size_t>(result_.start)]) fail("the start symbol derives no text");
    keep_rules(derives);
  }

  void keep_reachable() {
    std::vector<std::vector<int>> parts(result_.symbols.size());
    for (const auto& rule : result_.rules) {
      parts[static_cast<size_t>(rule.head)].insert(parts[static_cast<size_t>(rule.head)].end(), rule.body.begin(), rule.body.end());
    }
    std::vector<bool> reached(result_.symbols.size());
    std::vector<int> queue = {result_.start};
    while (!queue.empty()) {
      const auto at = static_cast<size_t>(queue.back());
      queue.pop_back();
      if (reached[at]) continue;
      reached[at] = true;
      queue.insert(queue.end(), parts[at].begin(), parts[at].end());
    }
    std::set<std::string> used;
    for (size_t i = 0; i < reached.size(); ++i) {
      if (reached[i]) used.insert(result_.symbols[i].name.substr(0, result_.symbols[i].name.find('[')));
    }
    for (const auto& alternative : notation_.alternatives) {
      if (!used.count(alternative.head.name)) {
        fail(fmt::format("{} is never used", alternative.head.name), alternative.line);
      }
    }
    keep_rules([&](const GrammarRule& rule) { return reached[static_cast<size_t>(rule.head)]; });
  }

  // A free variable shares the weight of its rule among the values that derive something.
  void normalise() {
    std::map<std::string, int> sizes;
    for (const auto& group : groups_) ++sizes[group];
    std::vector<double> totals(result_.symbols.size());
    for (size_t i = 0; i < result_.rules.size(); ++i) {
      result_.rules[i].probability /= sizes[groups_[i]];
      totals[static_cast<size_t>(result_.rules[i].head)] += result_.rules[i].probability;
    }
    for (auto& rule : result_.rules) rule.probability /= totals[static_cast<size_t>(rule.head)];
  }

  const GrammarNotation& notation_;
  CompiledGrammar result_;
  std::map<std::string, int> index_;
  std::vector<std::string> groups_;  // of each rule: instances of one alternative and head that differ in free variables only
};

}  // namespace

CompiledGrammar compile_grammar(const GrammarNotation& notation) { return Compiler(notation).compile(); }

}  // namespace difflm
