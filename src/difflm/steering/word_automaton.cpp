#include "difflm/steering/word_automaton.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace difflm {
namespace {

constexpr double kTiny = 1e-300;  // keeps logarithms finite where a phrase has become impossible
constexpr int64_t kNever = std::numeric_limits<int64_t>::max() / 4;
constexpr int64_t kSpare = 1;  // tokens more than the fewest that a phrase may take

}  // namespace

WordAutomaton::WordAutomaton(std::vector<WishPhrase> phrases, const Tokenizer& tokenizer) : reader_(std::move(phrases)) {
  std::map<std::vector<int32_t>, int32_t> known;  // symbols -> their index
  std::vector<std::vector<int32_t>> symbols;
  std::vector<int32_t> symbols_of_token;
  for (Token token = 0; token < tokenizer.size(); ++token) {
    bytes_.push_back(token == kEnd ? "\n" : tokenizer.bytes(token));  // END is between texts, or after the last word
    auto own = reader_.symbols_of(bytes_.back());
    const auto [found, fresh] = known.emplace(own, static_cast<int32_t>(symbols.size()));
    if (fresh) symbols.push_back(std::move(own));
    symbols_of_token.push_back(found->second);
  }
  add_states(symbols);
  // Columns of equal content are one class.
  std::map<std::vector<int64_t>, int32_t> columns;
  std::vector<int32_t> class_of_symbols;
  for (size_t kind = 0; kind < symbols.size(); ++kind) {
    std::vector<int64_t> column;
    for (const auto& row : next_) column.push_back(row[kind]);
    class_of_symbols.push_back(columns.emplace(std::move(column), static_cast<int32_t>(columns.size())).first->second);
  }
  classes_.resize(columns.size());
  for (Token token = 0; token < tokenizer.size(); ++token)
    classes_[static_cast<size_t>(class_of_symbols[static_cast<size_t>(symbols_of_token[static_cast<size_t>(token)])])].push_back(
        token);
  std::vector<std::vector<int64_t>> by_class(next_.size(), std::vector<int64_t>(columns.size()));
  for (const auto& [column, index] : columns) {
    for (size_t state = 0; state < next_.size(); ++state) by_class[state][static_cast<size_t>(index)] = column[state];
  }
  // The largest class comes last: its share of the probability is what the others leave.
  const auto largest = static_cast<size_t>(
      std::max_element(classes_.begin(), classes_.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); }) -
      classes_.begin());
  std::swap(classes_[largest], classes_.back());
  for (auto& row : by_class) std::swap(row[largest], row.back());
  next_ = std::move(by_class);
  class_of_.resize(bytes_.size());
  for (size_t index = 0; index < classes_.size(); ++index) {
    for (const Token token : classes_[index]) class_of_[static_cast<size_t>(token)] = static_cast<int32_t>(index);
    bool sharp = false;
    for (size_t state = 0; state < next_.size(); ++state)
      sharp = sharp || advances(states_[state], states_[static_cast<size_t>(next_[state][index])]);
    sharpened_.push_back(sharp);
  }
}

bool WordAutomaton::advances(PhraseReader::State from, PhraseReader::State to) const {
  if (reader_.has_begun(to) || (reader_.is_complete(to) && !reader_.is_complete(from))) return true;
  return reader_.seen(to) > reader_.seen(from) && !reader_.is_complete(from);
}

// The states of the reader that tokens lead to, and where each kind of token leads from them.
void WordAutomaton::add_states(const std::vector<std::vector<int32_t>>& symbols) {
  const auto explore = [&](const std::vector<bool>& kept) {
    states_ = {PhraseReader::kStart};
    next_.clear();
    std::map<PhraseReader::State, int64_t> ids = {{PhraseReader::kStart, 0}};
    for (size_t at = 0; at < states_.size(); ++at) {
      next_.emplace_back();
      for (const auto& kind : symbols) {
        PhraseReader::State to = reader_.read(states_[at], kind);
        if (!kept.empty() && !kept[static_cast<size_t>(to)]) to = reader_.without_beginnings(to);
        const auto [found, fresh] = ids.emplace(to, static_cast<int64_t>(states_.size()));
        if (fresh) states_.push_back(to);
        next_[at].push_back(found->second);
      }
    }
  };
  explore({});
  explore(worthwhile());
  for (const PhraseReader::State state : states_) accepted_.push_back(reader_.is_fulfilled(state));
}

// Whether a state is on a way through its phrase that takes at most kSpare tokens more than the shortest; by state of the reader.
std::vector<bool> WordAutomaton::worthwhile() const {
  const size_t count = states_.size();
  const auto is_between = [&](size_t state) { return !reader_.has_begun(states_[state]); };
  std::vector<int64_t> before(count, kNever);  // tokens since the phrase began
  std::vector<int64_t> ahead(count, kNever);   // tokens until it is complete
  for (size_t state = 0; state < count; ++state) before[state] = is_between(state) ? 0 : kNever;
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t state = 0; state < count; ++state) {
      for (const int64_t to : next_[state]) {
        const auto target = static_cast<size_t>(to);
        const bool completes =
            (reader_.seen(states_[target]) > reader_.seen(states_[state]) && !reader_.is_complete(states_[state])) ||
            (reader_.is_complete(states_[target]) && !reader_.is_complete(states_[state]));
        const int64_t rest = completes ? 1 : is_between(target) ? kNever : ahead[target] + 1;
        const int64_t so_far = is_between(target) ? 0 : before[state] + 1;
        if (rest < ahead[state]) ahead[state] = rest, changed = true;
        if (so_far < before[target]) before[target] = so_far, changed = true;
      }
    }
  }
  std::map<size_t, int64_t> fewest;  // tokens of each phrase, by its number
  for (size_t state = 0; state < count; ++state) {
    auto& least = fewest.emplace(reader_.seen(states_[state]), kNever).first->second;
    if (is_between(state)) least = std::min(least, ahead[state]);
  }
  std::vector<bool> kept(static_cast<size_t>(reader_.states()), true);
  for (size_t state = 0; state < count; ++state) {
    if (is_between(state)) continue;
    kept[static_cast<size_t>(states_[state])] = before[state] + ahead[state] <= fewest[reader_.seen(states_[state])] + kSpare;
  }
  return kept;
}

int64_t WordAutomaton::fewest_tokens() const {
  std::set<int64_t> reached = {0};
  for (int64_t tokens = 0; tokens < static_cast<int64_t>(next_.size()); ++tokens) {
    std::set<int64_t> after;
    for (const int64_t state : reached) {
      if (accepted_[static_cast<size_t>(state)]) return tokens;
      after.insert(next_[static_cast<size_t>(state)].begin(), next_[static_cast<size_t>(state)].end());
    }
    reached = std::move(after);
  }
  return static_cast<int64_t>(next_.size());
}

Tensor WordAutomaton::is_accepted(const torch::Device& device) const {
  Tensor accepted = torch::zeros({static_cast<int64_t>(accepted_.size())}, torch::kFloat64);
  for (size_t state = 0; state < accepted_.size(); ++state) accepted[static_cast<int64_t>(state)] = accepted_[state] ? 1.0 : 0.0;
  return accepted.to(device);
}

Tensor WordAutomaton::state_probabilities(const Tensor& probabilities, double sharpness) const {
  const auto states = static_cast<int64_t>(next_.size());
  const auto classes = static_cast<int64_t>(classes_.size());
  Tensor moves = torch::zeros({classes, states, states}, torch::kFloat64);
  auto access = moves.accessor<double, 3>();
  for (int64_t state = 0; state < states; ++state) {
    for (int64_t index = 0; index < classes; ++index)
      access[index][state][next_[static_cast<size_t>(state)][static_cast<size_t>(index)]] = 1;
  }
  moves = moves.to(probabilities.device());
  std::vector<Tensor> shares;  // of each class at each position, [B,T] float64
  Tensor rest = probabilities.sum(-1).to(torch::kFloat64);
  for (size_t index = 0; index + 1 < classes_.size(); ++index) {
    const std::vector<int64_t> tokens(classes_[index].begin(), classes_[index].end());
    const Tensor ids = torch::tensor(tokens, torch::kInt64).to(probabilities.device());
    Tensor share = probabilities.index_select(-1, ids).sum(-1).to(torch::kFloat64);
    if (sharpened_[index]) share = share.clamp_min(1e-30).pow(sharpness);
    shares.push_back(share);
    rest = rest - share;
  }
  shares.push_back(rest.clamp_min(0));
  const Tensor share = torch::stack(shares, -1);                                                // [B,T,C]
  const Tensor steps = torch::matmul(share, moves.flatten(1)).unflatten(-1, {states, states});  // [B,T,S,S]
  Tensor state = torch::zeros({probabilities.size(0), 1, states}, probabilities.options().dtype(torch::kFloat64));
  state.select(2, 0).fill_(1);
  for (int64_t at = 0; at < probabilities.size(1); ++at) state = torch::matmul(state, steps.select(1, at));
  return state.squeeze(1);
}

Tensor WordAutomaton::log_contains(const Tensor& probabilities, double sharpness) const {
  const Tensor states = state_probabilities(probabilities, sharpness);
  return (torch::matmul(states, is_accepted(states.device())) + kTiny).log() / sharpness;
}

Tensor WordAutomaton::log_lacks(const Tensor& probabilities) const {
  const Tensor states = state_probabilities(probabilities, 1);
  return (torch::matmul(states, 1 - is_accepted(states.device())) + kTiny).log();
}

bool WordAutomaton::contains(std::span<const Token> tokens) const {
  std::string text;
  for (const Token token : tokens) text += bytes_[static_cast<size_t>(token)];
  return reader_.is_in(text);
}

bool WordRules::can_be_fulfilled(int64_t length, const Sequence& pins) const {
  if (rules_.size() == 1) return can_both_be_fulfilled(rules_[0], rules_[0], length, pins);
  for (size_t one = 0; one < rules_.size(); ++one) {
    for (size_t other = one + 1; other < rules_.size(); ++other) {
      if (!can_both_be_fulfilled(rules_[one], rules_[other], length, pins)) return false;
    }
  }
  return true;
}

bool WordRules::can_both_be_fulfilled(const Rule& one, const Rule& other, int64_t length, const Sequence& pins) {
  using Pair = std::pair<int64_t, int64_t>;
  std::set<Pair> kinds;  // the class of a token for each
  for (size_t token = kSpecialTokens; token < one.automaton->class_of_.size(); ++token)
    kinds.emplace(one.automaton->class_of_[token], other.automaton->class_of_[token]);
  const auto kind_of = [&](Token token) {
    return Pair(one.automaton->class_of_[static_cast<size_t>(token)], other.automaton->class_of_[static_cast<size_t>(token)]);
  };
  std::set<Pair> reached = {{0, 0}};
  for (int64_t at = 0; at < length; ++at) {
    const Token pin = static_cast<size_t>(at) < pins.size() ? pins[static_cast<size_t>(at)] : -1;
    std::set<Pair> after;
    for (const auto& [first, second] : reached) {
      const auto go = [&](const Pair& kind) {
        after.emplace(one.automaton->next_[static_cast<size_t>(first)][static_cast<size_t>(kind.first)],
                      other.automaton->next_[static_cast<size_t>(second)][static_cast<size_t>(kind.second)]);
      };
      if (pin >= 0) {
        go(kind_of(pin));
      } else {
        for (const auto& kind : kinds) go(kind);
      }
    }
    if (pin < 0 && after == reached) {  // a further open token changes nothing
      while (static_cast<size_t>(at) + 1 < std::min(pins.size(), static_cast<size_t>(length)) &&
             pins[static_cast<size_t>(at) + 1] < 0)
        ++at;
      if (static_cast<size_t>(at) + 1 >= pins.size()) at = length;
    }
    reached = std::move(after);
  }
  return std::any_of(reached.begin(), reached.end(), [&](const Pair& states) {
    return one.accepts(static_cast<size_t>(states.first)) && other.accepts(static_cast<size_t>(states.second));
  });
}

}  // namespace difflm
