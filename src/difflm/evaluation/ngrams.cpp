#include "difflm/evaluation/ngrams.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace difflm {

int64_t NgramCounts::total() const { return std::accumulate(totals.begin(), totals.end(), int64_t{0}); }

std::span<const NgramCounts::Entry> NgramCounts::text(size_t i) const {
  const size_t begin = i == 0 ? 0 : ends[i - 1];
  return std::span(entries).subspan(begin, ends[i] - begin);
}

int64_t NgramCounts::weigh(std::span<const int32_t> weights, std::vector<int64_t>& counts) const {
  counts.assign(types(), 0);
  int64_t sum = 0;
  for (size_t i = 0; i < texts(); ++i) {
    if (weights[i] == 0) continue;
    for (const auto& [type, count] : text(i)) counts[type] += int64_t{weights[i]} * count;
    sum += weights[i] * totals[i];
  }
  return sum;
}

std::vector<int64_t> NgramCounts::own_types() const {
  std::vector<int32_t> holders(types(), 0);
  for (const auto& entry : entries) ++holders[entry.type];
  std::vector<int64_t> own(texts(), 0);
  for (size_t i = 0; i < texts(); ++i) {
    for (const auto& entry : text(i)) own[i] += holders[entry.type] == 1;
  }
  return own;
}

NgramCounts count_ngrams(std::span<const Words> texts, size_t n) {
  NgramCounts counts;
  std::unordered_map<uint64_t, int32_t> types;
  std::vector<int32_t> found;
  for (const auto& words : texts) {
    found.clear();
    for_each_ngram(words, n, [&](uint64_t hash) {
      const auto [place, is_new] = types.try_emplace(hash, static_cast<int32_t>(types.size()));
      if (is_new) counts.hashes.push_back(hash);
      found.push_back(place->second);
    });
    std::sort(found.begin(), found.end());
    const size_t begin = counts.entries.size();
    for (const int32_t type : found) {
      if (counts.entries.size() > begin && counts.entries.back().type == type) {
        ++counts.entries.back().count;
      } else {
        counts.entries.push_back({type, 1});
      }
    }
    counts.ends.push_back(counts.entries.size());
    counts.totals.push_back(static_cast<int64_t>(found.size()));
  }
  return counts;
}

}  // namespace difflm
