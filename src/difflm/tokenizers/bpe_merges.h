// Learning byte-pair merges (Sennrich et al. 2016) over bytes (Radford et al. 2019).
//
// Merges are counted over distinct chunks with their frequencies. Only the chunks that hold the merged pair are touched, and a
// heap with stale entries finds the next pair, so learning costs about the length of the chunks touched, not merges x text.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace difflm {

// Symbol 0..255 is a byte, 256 + i is the i-th merge.
using BpeSymbol = int32_t;
using BpePair = std::pair<BpeSymbol, BpeSymbol>;

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

}  // namespace difflm
