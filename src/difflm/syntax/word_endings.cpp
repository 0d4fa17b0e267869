#include "difflm/syntax/word_endings.h"

#include <algorithm>
#include <cmath>

namespace difflm {
namespace {

constexpr double kRare = 10;          // more frequent words are not representative of unseen ones
constexpr size_t kLongestEnding = 6;  // bytes

}  // namespace

bool is_capitalised(std::string_view word) { return !word.empty() && word[0] >= 'A' && word[0] <= 'Z'; }

std::string WordEndings::ending(const std::string& word, size_t letters) {
  return (is_capitalised(word) ? "A" : "a") + word.substr(word.size() - letters);
}

WordEndings::WordEndings(const std::map<std::string, std::map<size_t, double>>& words, size_t tags) : prior_(tags, 0) {
  double all = 0;
  for (const auto& [word, own] : words) {
    double times = 0;
    for (const auto& [tag, count] : own) {
      prior_[tag] += count;
      times += count;
    }
    all += times;
    if (times > kRare) continue;
    for (size_t letters = 0; letters <= std::min(word.size(), kLongestEnding); ++letters) {
      auto& counts = counts_[ending(word, letters)];
      for (const auto& [tag, count] : own) counts[tag] += count;
    }
  }
  double squares = 0;
  for (double& share : prior_) {
    share /= all;
    const double off = share - 1 / static_cast<double>(tags);
    squares += off * off;
  }
  theta_ = std::sqrt(squares / static_cast<double>(std::max<size_t>(1, tags - 1)));
}

std::vector<double> WordEndings::tags_of(const std::string& word) const {
  std::vector<double> probabilities = prior_;
  for (size_t letters = 0; letters <= std::min(word.size(), kLongestEnding); ++letters) {
    const auto found = counts_.find(ending(word, letters));
    if (found == counts_.end()) break;
    double times = 0;
    for (const auto& [tag, count] : found->second) times += count;
    for (double& probability : probabilities) probability *= theta_ / (1 + theta_);
    for (const auto& [tag, count] : found->second) probabilities[tag] += count / times / (1 + theta_);
  }
  return probabilities;
}

}  // namespace difflm
