#include "difflm/steering/minimum_bayes_risk.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace difflm {
namespace {

constexpr size_t kLongest = 4;
constexpr double kNoMatch = 0.1;

using NgramCount = std::map<Sequence, int64_t>;

NgramCount count_ngrams_of(const Sequence& text, size_t n) {
  NgramCount counts;
  for (size_t first = 0; first + n <= text.size(); ++first) {
    const auto begin = text.begin() + static_cast<std::ptrdiff_t>(first);
    ++counts[Sequence(begin, begin + static_cast<std::ptrdiff_t>(n))];
  }
  return counts;
}

double log_precision(const NgramCount& own, const NgramCount& reference) {
  double matches = 0;
  double total = 0;
  for (const auto& [ngram, count] : own) {
    const auto found = reference.find(ngram);
    total += static_cast<double>(count);
    if (found != reference.end()) matches += static_cast<double>(std::min(count, found->second));
  }
  return std::log((matches > 0 ? matches : kNoMatch) / std::max(1.0, total));
}

}  // namespace

std::vector<double> agreement(std::span<const Sequence> texts) {
  const size_t count = texts.size();
  std::vector<double> log_bleu(count * count, 0);
  for (size_t n = 1; n <= kLongest; ++n) {
    std::vector<NgramCount> ngrams;
    for (const auto& text : texts) ngrams.push_back(count_ngrams_of(text, n));
    for (size_t own = 0; own < count; ++own) {
      for (size_t other = 0; other < count; ++other)
        log_bleu[own * count + other] += log_precision(ngrams[own], ngrams[other]) / kLongest;
    }
  }
  std::vector<double> result(count, 0);
  for (size_t own = 0; own < count; ++own) {
    for (size_t other = 0; other < count; ++other) {
      if (other == own || texts[own].empty()) continue;
      const double ratio = static_cast<double>(texts[other].size()) / static_cast<double>(texts[own].size());
      result[own] += std::exp(log_bleu[own * count + other] + std::min(0.0, 1 - ratio)) / static_cast<double>(count - 1);
    }
  }
  return result;
}

}  // namespace difflm
