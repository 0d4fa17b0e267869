#include "difflm/tokenizers/bpe_merges.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <limits>
#include <queue>
#include <utility>

#include "difflm/core/error.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

enum class SplitKind { space, letter, digit, other };

SplitKind class_of(int32_t point) {
  if (is_space(point)) return SplitKind::space;
  if (point < 0x80) {
    if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z')) return SplitKind::letter;
    return point >= '0' && point <= '9' ? SplitKind::digit : SplitKind::other;
  }
  const auto category = utf8proc_category(point);
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME) return SplitKind::letter;
  return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO ? SplitKind::digit : SplitKind::other;
}

size_t contraction_length(std::string_view rest) {
  static constexpr std::array<std::string_view, 7> kEndings = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
  for (const auto ending : kEndings) {
    if (rest.starts_with(ending)) return ending.size();
  }
  return 0;
}

// The end of the run of class `kind` that starts at `at`.
size_t run_end(std::string_view text, size_t at, SplitKind kind) {
  while (at < text.size()) {
    const auto point = code_point_at(text, at);
    if (class_of(point.value) != kind) break;
    at += point.length;
  }
  return at;
}

size_t chunk_end(std::string_view text, size_t start) {
  if (const size_t length = contraction_length(text.substr(start)); length > 0) return start + length;
  const SplitKind first = class_of(code_point_at(text, start).value);
  if (first != SplitKind::space) return run_end(text, start, first);
  const size_t end = run_end(text, start, SplitKind::space);
  if (end == text.size()) return end;
  if (text[end - 1] != ' ') return end;
  if (end - 1 > start) return end - 1;  // the last space goes with the word after it
  return run_end(text, end, class_of(code_point_at(text, end).value));
}

struct PairHash {
  size_t operator()(const BpePair& pair) const {
    return std::hash<uint64_t>{}((static_cast<uint64_t>(pair.first) << 32 | static_cast<uint32_t>(pair.second)) *
                                 0x9e3779b97f4a7c15ULL);
  }
};

uint64_t pair_key(BpeSymbol left, BpeSymbol right) { return static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right); }

class MergeLearner {
 public:
  MergeLearner(std::vector<BpeSymbolChunk> chunks, BpeSymbol symbols) : words_(std::move(chunks)), first_(symbols) {
    for (size_t i = 0; i < words_.size(); ++i) {
      const auto& [own, count] = words_[i];
      for (size_t k = 0; k + 1 < own.size(); ++k) change({own[k], own[k + 1]}, count, i);
    }
    for (const auto& [pair, entry] : pairs_) heap_.push({entry.count, pair});
  }

  std::vector<BpePair> learn(size_t merges, int64_t min_count) {
    std::vector<BpePair> result;
    while (result.size() < merges && !heap_.empty()) {
      const auto [count, pair] = heap_.top();
      heap_.pop();
      if (pairs_[pair].count != count) continue;  // stale: a newer entry is in the heap
      if (count < min_count) break;
      merge(pair, first_ + static_cast<BpeSymbol>(result.size()));
      result.push_back(pair);
    }
    return result;
  }

 private:
  struct PairEntry {
    int64_t count = 0;
    std::vector<size_t> words;  // where it may occur; may hold repeats and words where it no longer does
  };
  struct Candidate {
    int64_t count;
    BpePair pair;
    bool operator<(const Candidate& other) const { return count != other.count ? count < other.count : pair > other.pair; }
  };

  void change(const BpePair& pair, int64_t difference, size_t word) {
    auto& entry = pairs_[pair];
    entry.count += difference;
    if (difference > 0 && (entry.words.empty() || entry.words.back() != word)) entry.words.push_back(word);
    changed_.push_back(pair);
  }

  // Only the pairs that touch a merged one change, so a long chunk costs a single scan.
  void merge_in_word(size_t index, const BpePair& pair, BpeSymbol merged) {
    auto& [symbols, count] = words_[index];
    size_t out = 0;
    for (size_t i = 0; i < symbols.size(); ++i) {
      if (i + 1 == symbols.size() || symbols[i] != pair.first || symbols[i + 1] != pair.second) {
        symbols[out++] = symbols[i];
        continue;
      }
      change(pair, -count, index);
      if (out > 0) {
        change({symbols[out - 1], pair.first}, -count, index);
        change({symbols[out - 1], merged}, count, index);
      }
      if (i + 2 < symbols.size()) {
        change({pair.second, symbols[i + 2]}, -count, index);
        change({merged, symbols[i + 2]}, count, index);
      }
      symbols[out++] = merged;
      ++i;
    }
    symbols.resize(out);
  }

  void merge(const BpePair& pair, BpeSymbol merged) {
    changed_.clear();
    const auto touched = std::exchange(pairs_[pair].words, {});
    for (const size_t index : touched) merge_in_word(index, pair, merged);
    std::sort(changed_.begin(), changed_.end());
    changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
    for (const auto& other : changed_) {
      const int64_t count = pairs_[other].count;
      if (count > 0) heap_.push({count, other});
    }
  }

  std::vector<BpeSymbolChunk> words_;
  BpeSymbol first_;
  std::unordered_map<BpePair, PairEntry, PairHash> pairs_;
  std::priority_queue<Candidate> heap_;
  std::vector<BpePair> changed_;  // pairs whose counts the current merge changes
};

}  // namespace

void for_each_chunk(std::string_view text, const std::function<void(std::string_view)>& visit) {
  for (size_t start = 0; start < text.size();) {
    const size_t end = chunk_end(text, start);
    visit(text.substr(start, end - start));
    start = end;
  }
}

std::vector<BpePair> learn_merges(const std::vector<BpeChunk>& chunks, size_t merges, int64_t min_count) {
  std::vector<BpeSymbolChunk> as_bytes;
  as_bytes.reserve(chunks.size());
  for (const auto& chunk : chunks) {
    as_bytes.push_back({{}, chunk.count});
    for (const char byte : chunk.text) as_bytes.back().symbols.push_back(static_cast<unsigned char>(byte));
  }
  return learn_merges(std::move(as_bytes), kBytes, merges, min_count);
}

std::vector<BpePair> learn_merges(std::vector<BpeSymbolChunk> chunks, BpeSymbol symbols, size_t merges, int64_t min_count) {
  return MergeLearner(std::move(chunks), symbols).learn(merges, min_count);
}

BpeMerges::BpeMerges(std::vector<BpePair> pairs, BpeSymbol symbols) : pairs_(std::move(pairs)), first_(symbols) {
  for (size_t i = 0; i < pairs_.size(); ++i) {
    const auto [left, right] = pairs_[i];
    const auto known = first_ + static_cast<BpeSymbol>(i);
    if (left < 0 || left >= known || right < 0 || right >= known) {
      throw failure("tokenizer", fmt::format("merge {} joins {} and {}, expected symbols below {}", i, left, right, known));
    }
    if (!ranks_.emplace(pair_key(left, right), known).second) {
      throw failure("tokenizer", fmt::format("merge {} repeats an earlier one", i));
    }
  }
}

void BpeMerges::apply(std::vector<BpeSymbol>& symbols) const {
  while (symbols.size() > 1) {
    BpeSymbol best = std::numeric_limits<BpeSymbol>::max();  // earlier merges have smaller symbols
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const auto found = ranks_.find(pair_key(symbols[i], symbols[i + 1]));
      if (found != ranks_.end()) best = std::min(best, found->second);
    }
    if (best == std::numeric_limits<BpeSymbol>::max()) break;
    const auto [left, right] = pairs_[static_cast<size_t>(best - first_)];
    size_t out = 0;
    for (size_t i = 0; i < symbols.size(); ++i) {
      const bool here = i + 1 < symbols.size() && symbols[i] == left && symbols[i + 1] == right;
      symbols[out++] = here ? best : symbols[i];
      if (here) ++i;
    }
    symbols.resize(out);
  }
}

}  // namespace difflm
