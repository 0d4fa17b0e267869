// The longest runs of words that a text shares with a corpus, found by a suffix automaton of the corpus (Blumer et al. 1985), which
// reads a text in time linear in its length.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace difflm {

class LongestMatch {
 public:
  // Runs never cross from one text of the corpus into the next.
  explicit LongestMatch(const std::vector<std::vector<std::string>>& corpus);

  // For each word of a text, the length of the longest run of words that ends with it and occurs in the corpus.
  std::vector<int64_t> runs(const std::vector<std::string>& text) const;

 private:
  struct State {
    int64_t length = 0;
    int32_t link = -1;
  };
  void add(int32_t word);
  int32_t next(int32_t state, int32_t word) const;  // -1 where there is none
  static uint64_t edge(int32_t state, int32_t word) {
    return static_cast<uint64_t>(static_cast<uint32_t>(state)) << 32 | static_cast<uint32_t>(word);
  }

  std::unordered_map<std::string, int32_t> ids_;
  std::vector<State> states_;
  std::vector<std::vector<int32_t>> words_of_;  // outgoing words of each state, for copying it
  std::unordered_map<uint64_t, int32_t> edges_;
  int32_t last_ = 0;
};

}  // namespace difflm
