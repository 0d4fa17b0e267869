#include "difflm/sampling/word_paths.h"

#include <algorithm>

namespace difflm {

WordPaths::WordPaths(const Tokenizer& tokenizer) : roles_(word_roles(tokenizer)) {
  for (const auto& word : words_of_texts(tokenizer)) {
    if (!spells_word(word, roles_)) continue;
    longest_ = std::max(longest_, static_cast<int64_t>(word.tokens.size()));
    std::vector<State> path;
    for (const Token token : word.tokens) {
      auto& next = path.empty() ? first_ : nodes_[static_cast<size_t>(path.back())].next;
      const auto [known, fresh] = next.emplace(token, static_cast<State>(nodes_.size()));
      path.push_back(known->second);
      if (fresh) nodes_.push_back({{}, false, tokenizer.size()});  // `next` may be gone from here on
    }
    nodes_[static_cast<size_t>(path.back())].ends_word = true;
    for (size_t at = 0; at < path.size(); ++at) {
      auto& missing = nodes_[static_cast<size_t>(path[at])].missing;
      missing = std::min(missing, static_cast<int64_t>(path.size() - 1 - at));
    }
  }
  for (int64_t left = 0; left <= longest_; ++left) {
    Tensor barred = torch::zeros({tokenizer.size()}, torch::kBool);
    for (size_t token = 0; token < roles_.size(); ++token) barred[static_cast<int64_t>(token)] = roles_[token] == WordRole::start;
    allow(first_, left, barred.data_ptr<bool>());
    barred_outside_.push_back(barred);
  }
}

void WordPaths::allow(const std::unordered_map<Token, State>& next, int64_t left, bool* barred) const {
  for (const auto& [token, state] : next) {
    if (nodes_[static_cast<size_t>(state)].missing <= left) barred[token] = false;
  }
}

WordPaths::State WordPaths::after(State state, int64_t token) const {
  const WordRole role = roles_[static_cast<size_t>(token)];
  if (role == WordRole::none || (role == WordRole::rest && state == kOutside)) return kOutside;
  const auto& next = role == WordRole::start ? first_ : nodes_[static_cast<size_t>(state)].next;
  const auto known = next.find(static_cast<Token>(token));
  return known == next.end() ? kOutside : known->second;
}

Tensor WordPaths::cannot_follow(const std::vector<State>& states, int64_t left) const {
  const Tensor& outside = barred_outside_[static_cast<size_t>(std::min(left, longest_))];
  const auto size = static_cast<int64_t>(roles_.size());
  Tensor barred = torch::empty({static_cast<int64_t>(states.size()), size}, torch::kBool);
  for (size_t row = 0; row < states.size(); ++row) {
    Tensor own = barred[static_cast<int64_t>(row)];
    own.copy_(outside);
    if (states[row] == kOutside) continue;
    const Node& node = nodes_[static_cast<size_t>(states[row])];
    auto* values = own.data_ptr<bool>();
    for (size_t token = 0; token < roles_.size(); ++token) {
      if (!node.ends_word || roles_[token] == WordRole::rest) values[token] = true;
    }
    allow(node.next, left, values);
  }
  return barred;
}

}  // namespace difflm
