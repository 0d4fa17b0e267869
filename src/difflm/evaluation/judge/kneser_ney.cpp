#include "difflm/evaluation/judge/kneser_ney.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "difflm/core/error.h"
#include "difflm/text/counted_words.h"

namespace difflm {
namespace {

constexpr uint64_t kTextStart = 0x5354415254ULL;  // stands for no word

// Hashes of a text's words after the mark of its start, the empty word at the end if `ended`.
std::vector<uint64_t> padded_hashes(const Words& words, bool ended) {
  std::vector<uint64_t> hashes = {kTextStart};
  for (const auto& word : words) hashes.push_back(hash_text(word));
  if (ended) hashes.push_back(hash_text(""));
  return hashes;
}

uint64_t hash_of(const std::vector<uint64_t>& words, size_t begin, size_t end) {
  uint64_t hash = end - begin;
  for (size_t i = begin; i < end; ++i) hash = scatter(hash + words[i]);
  return hash;
}

size_t kind_of(uint32_t count) { return std::min<uint32_t>(count, 3) - 1; }

// A word of more than a hundred bytes costs as if it had a hundred, so that no price is infinite.
double spelling(const std::string& word) {
  constexpr size_t kLongestSpelling = 100;
  return std::pow(257.0, -static_cast<double>(std::min(word.size(), kLongestSpelling) + 1));
}

}  // namespace

KneserNey::KneserNey(const std::vector<Words>& texts, int64_t order)
    : order_(static_cast<size_t>(order)), texts_(texts.size()), orders_(order_) {
  if (order < 1) throw usage_error("n-gram judge", fmt::format("has an order of {}, expected at least 1", order));
  if (texts.empty()) throw usage_error("n-gram judge", "has no texts to learn from, expected at least one");
  for (const auto& text : texts) count(padded_hashes(text, true));
  for (auto& level : orders_) {
    std::array<double, 5> counts_of_counts = {};
    for (const auto& [hash, ngram] : level.ngrams) {
      if (ngram.count < 5) ++counts_of_counts[ngram.count];
    }
    const double once = counts_of_counts[1];
    const double share = once / std::max(1.0, once + 2 * counts_of_counts[2]);
    for (size_t kind = 0; kind < 3; ++kind) {
      const auto count = static_cast<double>(kind + 1);
      // With too few n-grams of a count there is nothing to estimate from; one half of the count is always allowed.
      level.discounts[kind] = count / 2;
      if (counts_of_counts[kind + 1] == 0) continue;
      const double discount = count - (count + 1) * share * counts_of_counts[kind + 2] / counts_of_counts[kind + 1];
      if (discount > 0) level.discounts[kind] = discount;
    }
  }
  for (const auto& text : texts) note_contexts(padded_hashes(text, true));
}

// An n-gram of less than the highest order gains one for each distinct word before it, that is when the n-gram longer by one word
// is first seen; and for each time it starts a text, where no word can precede it.
void KneserNey::count(const std::vector<uint64_t>& padded) {
  for (size_t place = 1; place < padded.size(); ++place) {
    size_t length = std::min(order_, place + 1);
    while (length > 0) {
      Ngram& ngram = orders_[length - 1].ngrams[hash_of(padded, place + 1 - length, place + 1)];
      if (++ngram.count > 1) break;
      --length;
    }
  }
}

void KneserNey::note_contexts(const std::vector<uint64_t>& padded) {
  for (size_t place = 1; place < padded.size(); ++place) {
    for (size_t length = 1; length <= std::min(order_, place + 1); ++length) {
      const size_t first = place + 1 - length;
      const auto found = orders_[length - 1].ngrams.find(hash_of(padded, first, place + 1));
      if (found == orders_[length - 1].ngrams.end() || found->second.noted) continue;
      found->second.noted = true;
      Context& context = orders_[length - 1].contexts[hash_of(padded, first, place)];
      context.total += found->second.count;
      ++context.types[kind_of(found->second.count)];
    }
  }
}

double KneserNey::log_probability(const std::vector<uint64_t>& padded, size_t place, const std::string& word) const {
  double probability = spelling(word);
  for (size_t length = 1; length <= std::min(order_, place + 1); ++length) {
    const Order& level = orders_[length - 1];
    const size_t first = place + 1 - length;
    const auto context = level.contexts.find(hash_of(padded, first, place));
    if (context == level.contexts.end()) break;  // nor can a longer one have been seen
    double kept = 0;
    const auto ngram = level.ngrams.find(hash_of(padded, first, place + 1));
    if (ngram != level.ngrams.end()) kept = ngram->second.count - level.discounts[kind_of(ngram->second.count)];
    double left = 0;
    for (size_t kind = 0; kind < 3; ++kind) left += level.discounts[kind] * context->second.types[kind];
    probability = (kept + left * probability) / static_cast<double>(context->second.total);
  }
  return std::log(probability);
}

double KneserNey::log_probability(const Words& before, const std::string& word) const {
  auto padded = padded_hashes(before, false);
  padded.push_back(hash_text(word));
  return log_probability(padded, padded.size() - 1, word);
}

std::string KneserNey::name() const { return fmt::format("{}-gram Kneser-Ney of {} texts", order_, texts_); }

std::vector<Judge::Score> KneserNey::score(const std::vector<std::string>& texts) const {
  std::vector<Score> scores;
  for (const auto& text : texts) {
    auto words = counted_words(text);
    words.emplace_back();
    const auto padded = padded_hashes(words, false);
    Score score;
    for (size_t i = 0; i < words.size(); ++i) score.nats -= log_probability(padded, i + 1, words[i]);
    score.tokens = static_cast<int64_t>(words.size());
    scores.push_back(score);
  }
  return scores;
}

}  // namespace difflm
