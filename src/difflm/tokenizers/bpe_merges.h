// Byte-pair merges (Sennrich et al. 2016) over bytes (Radford et al. 2019), or over other symbols to begin with: how they are
// learned and applied.
//
// Merges are counted over distinct chunks with their frequencies. Only the chunks that hold the merged pair are touched, and a
// heap with stale entries finds the next pair, so learning costs about the length of the chunks touched, not merges x text.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace difflm {

// Symbol 0..255 is a byte, and n + i is the i-th merge, where there are n symbols to begin with: the bytes, or more.
using BpeSymbol = int32_t;
using BpePair = std::pair<BpeSymbol, BpeSymbol>;
inline constexpr BpeSymbol kBytes = 256;

// Cuts a valid UTF-8 text into chunks that merges never cross, following GPT-2's pattern: an English contraction ending ('s 't
// 're 've 'm 'll 'd), a run of letters and marks, of digits, or of other characters, each with one space before it where there is
// one; runs of white space, except the last space, by themselves.
void for_each_chunk(std::string_view text, const std::function<void(std::string_view)>& visit);

struct BpeChunk {
  std::string_view text;
  int64_t count;
};

// At most `merges` pairs, the most frequent first at each step, ties by the smaller left, then right symbol; stops early where no
// pair occurs `min_count` times.
std::vector<BpePair> learn_merges(const std::vector<BpeChunk>& chunks, size_t merges, int64_t min_count);

// The same of chunks that begin as other symbols, `symbols` in number.
struct BpeSymbolChunk {
  std::vector<BpeSymbol> symbols;
  int64_t count;
};
std::vector<BpePair> learn_merges(std::vector<BpeSymbolChunk> chunks, BpeSymbol symbols, size_t merges, int64_t min_count);

class BpeMerges {
 public:
  // Throws a failure where a pair holds a symbol that is not known by then, or repeats an earlier one.
  explicit BpeMerges(std::vector<BpePair> pairs, BpeSymbol symbols = kBytes);

  const std::vector<BpePair>& pairs() const { return pairs_; }

  // Merges the symbols of one chunk, the earliest learned merge first.
  void apply(std::vector<BpeSymbol>& symbols) const;

 private:
  std::vector<BpePair> pairs_;
  BpeSymbol first_;                                // the symbol that pairs_[0] gives
  std::unordered_map<uint64_t, BpeSymbol> ranks_;  // pair -> the symbol it merges to
};

}  // namespace difflm
