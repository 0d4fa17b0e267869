#include "difflm/text/longest_match.h"

namespace difflm {

LongestMatch::LongestMatch(const std::vector<std::vector<std::string>>& corpus) : states_(1), words_of_(1) {
  int32_t end = -1;  // after each text a separate id, which no word has
  for (const auto& text : corpus) {
    for (const auto& word : text) add(ids_.try_emplace(word, static_cast<int32_t>(ids_.size())).first->second);
    add(end--);
  }
}

int32_t LongestMatch::next(int32_t state, int32_t word) const {
  const auto found = edges_.find(edge(state, word));
  return found == edges_.end() ? -1 : found->second;
}

void LongestMatch::add(int32_t word) {
  const auto connect = [&](int32_t from, int32_t to) {
    if (edges_.insert_or_assign(edge(from, word), to).second) words_of_[static_cast<size_t>(from)].push_back(word);
  };
  const auto state = [&](int32_t index) -> State& { return states_[static_cast<size_t>(index)]; };

  const auto fresh = static_cast<int32_t>(states_.size());
  states_.push_back({state(last_).length + 1, -1});
  words_of_.emplace_back();
  int32_t at = last_;
  for (; at != -1 && next(at, word) == -1; at = state(at).link) connect(at, fresh);
  last_ = fresh;
  if (at == -1) {
    state(fresh).link = 0;
    return;
  }
  const int32_t target = next(at, word);
  if (state(target).length == state(at).length + 1) {
    state(fresh).link = target;
    return;
  }
  const auto copy = static_cast<int32_t>(states_.size());
  states_.push_back({state(at).length + 1, state(target).link});
  words_of_.push_back(words_of_[static_cast<size_t>(target)]);
  for (const int32_t other : words_of_.back()) edges_[edge(copy, other)] = next(target, other);
  for (; at != -1 && next(at, word) == target; at = state(at).link) edges_[edge(at, word)] = copy;
  state(target).link = copy;
  state(fresh).link = copy;
}

std::vector<int64_t> LongestMatch::runs(const std::vector<std::string>& text) const {
  std::vector<int64_t> lengths;
  int32_t at = 0;
  int64_t length = 0;
  for (const auto& word : text) {
    const auto id = ids_.find(word);
    int32_t to = id == ids_.end() ? -1 : next(at, id->second);
    while (to == -1 && at > 0) {
      at = states_[static_cast<size_t>(at)].link;
      length = states_[static_cast<size_t>(at)].length;
      to = id == ids_.end() ? -1 : next(at, id->second);
    }
    length = to == -1 ? 0 : length + 1;
    at = to == -1 ? 0 : to;
    lengths.push_back(length);
  }
  return lengths;
}

}  // namespace difflm
