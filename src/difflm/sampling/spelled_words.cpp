#include "difflm/sampling/spelled_words.h"

#include <algorithm>
#include <cmath>

namespace difflm {
namespace {

constexpr double kTrust = 0.5;              // exponent of p / q
constexpr float kLeastProbability = 1e-9F;  // of a token; keeps logarithms finite

}  // namespace

SpelledWords::SpelledWords(const Tokenizer& tokenizer) : vocabulary_(tokenizer.size()), roles_(word_roles(tokenizer)) {
  for (Token token = 0; token < tokenizer.size(); ++token) bytes_.push_back(tokenizer.bytes(token));
  std::unordered_map<size_t, std::vector<double>> counts;
  for (const auto& word : words_of_texts(tokenizer)) {
    std::string bytes;
    for (const Token token : word.tokens) bytes += bytes_[static_cast<size_t>(token)];
    known_.insert(bytes);
    if (!spells_word(word, roles_)) continue;
    const size_t length = word.tokens.size();
    longest_ = std::max(longest_, length);
    OfLength& all = words_[length];
    all.tokens.insert(all.tokens.end(), word.tokens.begin(), word.tokens.end());
    all.log_prior.push_back(std::log(static_cast<double>(word.count)));
    counts[length].push_back(static_cast<double>(word.count));
  }
  for (auto& [length, all] : words_) {
    for (size_t place = 0; place < length; ++place) {
      std::unordered_map<Token, double> share;
      for (size_t word = 0; word < all.log_prior.size(); ++word) share[all.tokens[word * length + place]] += counts[length][word];
      for (size_t word = 0; word < all.log_prior.size(); ++word) {
        all.log_prior[word] -= kTrust * std::log(share[all.tokens[word * length + place]]);
      }
    }
  }
}

std::vector<SpellingRule::Place> SpelledWords::misspelled(std::span<const int64_t> tokens) const {
  std::vector<Place> unknown;
  const auto role = [&](size_t at) { return roles_[static_cast<size_t>(tokens[at])]; };
  for (size_t at = 0; at < tokens.size();) {
    const size_t begin = at++;
    if (role(begin) != WordRole::start) continue;
    std::string word = bytes_[static_cast<size_t>(tokens[begin])];
    for (; at < tokens.size() && role(at) == WordRole::rest; ++at) word += bytes_[static_cast<size_t>(tokens[at])];
    if (!known_.contains(word)) unknown.push_back({begin, at - begin});
  }
  return unknown;
}

std::vector<int64_t> SpelledWords::draw_word(const float* probabilities, size_t length, RandomStream& random) const {
  const OfLength& all = words_.at(length);
  std::vector<double> weights = all.log_prior;
  for (size_t word = 0; word < weights.size(); ++word) {
    for (size_t i = 0; i < length; ++i) {
      const auto token = static_cast<size_t>(all.tokens[word * length + i]);
      weights[word] += kTrust * std::log(std::max(probabilities[i * static_cast<size_t>(vocabulary_) + token], kLeastProbability));
    }
  }
  const double most = *std::max_element(weights.begin(), weights.end());
  double sum = 0;
  for (double& weight : weights) weight = sum += std::exp(weight - most);
  const auto drawn = std::upper_bound(weights.begin(), weights.end(), random.uniform() * sum) - weights.begin();
  const auto word = std::min(static_cast<size_t>(drawn), weights.size() - 1);
  const auto first = all.tokens.begin() + static_cast<std::ptrdiff_t>(word * length);
  return {first, first + static_cast<std::ptrdiff_t>(length)};
}

std::vector<int64_t> SpelledWords::draw(const Tensor& probabilities, RandomStream& random) const {
  const Tensor rows = probabilities.contiguous();
  const auto wanted = static_cast<size_t>(rows.size(0));
  std::vector<int64_t> tokens;
  while (tokens.size() < wanted) {
    size_t length = std::min(wanted - tokens.size(), longest_);
    while (length > 0 && !words_.contains(length)) --length;
    if (length == 0) return {};
    const auto word = draw_word(rows.data_ptr<float>() + tokens.size() * static_cast<size_t>(vocabulary_), length, random);
    tokens.insert(tokens.end(), word.begin(), word.end());
  }
  return tokens;
}

}  // namespace difflm
