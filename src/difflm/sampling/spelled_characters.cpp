#include "difflm/sampling/spelled_characters.h"

#include <algorithm>

namespace difflm {
namespace {

constexpr int64_t kMostMissing = 3;  // bytes of a character

bool is_mark(Token token) { return token == kStart || token == kEnd || token == kPad; }

}  // namespace

SpelledCharacters::SpelledCharacters(const Tokenizer& tokenizer) {
  bool whole = true;
  for (Token token = 0; token < tokenizer.size(); ++token) {
    const std::string bytes = tokenizer.bytes(token);
    auto& next = next_.emplace_back();
    for (size_t state = 0; state < next.size(); ++state) {
      const auto from = static_cast<Utf8State>(state);
      next[state] = !is_mark(token) ? utf8_after(from, bytes) : from == Utf8State::whole ? from : Utf8State::broken;
    }
    whole = whole && next[0] == Utf8State::whole;
  }
  if (whole) {
    next_.clear();
    return;
  }
  barred_ = torch::zeros({kMostMissing + 1, kUtf8States, tokenizer.size()}, torch::kBool);
  auto barred = barred_.accessor<bool, 3>();
  for (int64_t left = 0; left <= kMostMissing; ++left) {
    for (int64_t state = 0; state < kUtf8States; ++state) {
      for (Token token = 0; token < tokenizer.size(); ++token) {
        const Utf8State next = after(static_cast<Utf8State>(state), token);
        barred[left][state][token] = next == Utf8State::broken || utf8_missing(next) > left;
      }
      if (barred_[left][state].all().item<bool>()) barred_[left][state].fill_(false);
    }
  }
}

std::vector<SpellingRule::Place> SpelledCharacters::misspelled(std::span<const int64_t> tokens) const {
  std::vector<Place> places;
  const auto add = [&](size_t begin, size_t end) {
    const bool touches = !places.empty() && places.back().begin + places.back().count == begin;
    if (!touches) places.push_back({begin, 0});
    places.back().count += end - begin;
  };
  Utf8State state = Utf8State::whole;
  size_t begin = 0;  // of the character at `at`
  for (size_t at = 0; at < tokens.size(); ++at) {
    if (state == Utf8State::whole) begin = at;
    state = after(state, tokens[at]);
    if (state != Utf8State::broken) continue;
    state = after(Utf8State::whole, tokens[at]);
    const bool goes_on = state != Utf8State::broken;  // it begins a character of its own
    if (!goes_on) state = Utf8State::whole;
    add(begin, goes_on ? at : at + 1);
    begin = at;
  }
  if (state != Utf8State::whole) add(begin, tokens.size());
  return places;
}

std::vector<int64_t> SpelledCharacters::draw(const Tensor& probabilities, RandomStream& random) const {
  const Tensor rows = probabilities.contiguous();
  const auto count = static_cast<size_t>(rows.size(0));
  const auto vocabulary = static_cast<size_t>(rows.size(1));
  const auto row = [&](size_t place) { return rows.data_ptr<float>() + place * vocabulary; };
  // The probability that the places from `place` on complete what a state has begun.
  std::vector<std::array<double, kUtf8States + 1>> completes(count + 1);
  completes[count][static_cast<size_t>(Utf8State::whole)] = 1;
  for (size_t place = count; place-- > 0;) {
    for (size_t state = 0; state < kUtf8States; ++state) {
      for (size_t token = 0; token < vocabulary; ++token) {
        completes[place][state] += row(place)[token] * completes[place + 1][static_cast<size_t>(next_[token][state])];
      }
    }
  }
  std::vector<int64_t> drawn;
  std::vector<double> cumulative(vocabulary);
  Utf8State state = Utf8State::whole;
  for (size_t place = 0; place < count; ++place) {
    double sum = 0;
    for (size_t token = 0; token < vocabulary; ++token) {
      const Utf8State next = next_[token][static_cast<size_t>(state)];
      cumulative[token] = sum += row(place)[token] * completes[place + 1][static_cast<size_t>(next)];
    }
    if (!(sum > 0)) return {};
    const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), random.uniform() * sum) - cumulative.begin();
    const auto token = std::min<int64_t>(found, static_cast<int64_t>(vocabulary) - 1);
    drawn.push_back(token);
    state = after(state, token);
  }
  return drawn;
}

Tensor SpelledCharacters::cannot_follow(const std::vector<Utf8State>& states, int64_t left) const {
  std::vector<int64_t> rows;
  for (const Utf8State state : states) rows.push_back(static_cast<int64_t>(state));
  return barred_[std::min(left, kMostMissing)].index_select(0, torch::tensor(rows, torch::kInt64));
}

}  // namespace difflm
