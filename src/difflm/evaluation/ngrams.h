// Counts of word n-grams per text, the small numbers that the metrics and their bootstrap work on.
//
// An n-gram is known by a 64-bit hash: among ten million of them the probability of any collision is about 3 in a million.
// N-grams never cross from one text to the next.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "difflm/core/random.h"

namespace difflm {

using Words = std::vector<std::string>;

// Calls `visit(hash)` for each n-gram of a text, in order; none where the text has fewer than `n` words. n >= 1.
template <class Visit>
void for_each_ngram(const Words& words, size_t n, Visit visit) {
  if (words.size() < n) return;
  std::vector<uint64_t> hashes;
  hashes.reserve(words.size());
  for (const auto& word : words) hashes.push_back(hash_text(word));
  for (size_t first = 0; first + n <= hashes.size(); ++first) {
    uint64_t hash = 0;
    for (size_t i = first; i < first + n; ++i) hash = scatter(hash + hashes[i]);
    visit(hash);
  }
}

struct NgramCounts {
  struct Entry {
    int32_t type;
    int32_t count;
  };

  std::vector<uint64_t> hashes;  // of each type
  std::vector<Entry> entries;    // text after text
  std::vector<size_t> ends;      // where the entries of each text end
  std::vector<int64_t> totals;   // n-grams of each text, repeats counted

  size_t texts() const { return ends.size(); }
  size_t types() const { return hashes.size(); }
  int64_t total() const;
  std::span<const Entry> text(size_t i) const;

  // Writes the count of each type over texts taken `weights[i]` times each; returns their sum.
  int64_t weigh(std::span<const int32_t> weights, std::vector<int64_t>& counts) const;

  // Of each text, how many types occur in no other text.
  std::vector<int64_t> own_types() const;
};

NgramCounts count_ngrams(std::span<const Words> texts, size_t n);

}  // namespace difflm
