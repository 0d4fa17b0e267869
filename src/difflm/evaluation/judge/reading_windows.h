// How a judge reads a text that is longer than what it reads at once: in overlapping windows, so that each token is predicted from
// at least half a window of the text before it, and is scored exactly once.
//
// The first window is read whole. Each later one begins half a window before the first token that has not been scored yet, or
// earlier where the text ends within it; the tokens of its first part are context only. A window is one conditional distribution
// after another, so the sum of the scores is a likelihood: that of a model that forgets what is too far back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace difflm {

struct ReadingWindow {
  size_t begin = 0;  // the inputs [begin, end) are read; input i predicts target i
  size_t end = 0;
  size_t scored = 0;  // the targets [scored, end) are scored
  bool operator==(const ReadingWindow&) const = default;
};

// For `count` inputs of which `limit`, at least 2, are read at once. Targets before `first` are not scored at all.
inline std::vector<ReadingWindow> reading_windows(size_t count, size_t limit, size_t first) {
  std::vector<ReadingWindow> windows = {{0, std::min(count, limit), first}};
  while (windows.back().end < count) {
    const size_t scored = windows.back().end;
    const size_t end = std::min(count, scored + (limit - limit / 2));
    windows.push_back({end - limit, end, scored});
  }
  return windows;
}

}  // namespace difflm
