// Random streams that are a pure function of (seed, purpose, index).
//
// Nothing is carried from step to step, so a resumed run draws what the uninterrupted one would have drawn, and no generator
// state needs saving. SplitMix64 (Steele et al. 2014) is small, passes BigCrush, and gives the same numbers on every platform.
#pragma once

#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

namespace difflm {

// One round of SplitMix64: a bijection that scatters every bit.
constexpr uint64_t scatter(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// FNV-1a over bytes, then scattered. Also the hash of the train/validation split.
constexpr uint64_t hash_text(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return scatter(hash);
}

// The seed of the stream for one purpose and index (a step, a sample, ...).
constexpr uint64_t stream_seed(uint64_t seed, std::string_view purpose, uint64_t index = 0) {
  return scatter(scatter(seed ^ hash_text(purpose)) + index);
}

class RandomStream {
 public:
  explicit RandomStream(uint64_t seed) : state_(seed) {}
  RandomStream(uint64_t seed, std::string_view purpose, uint64_t index = 0) : state_(stream_seed(seed, purpose, index)) {}

  uint64_t next() {
    const uint64_t result = scatter(state_);
    state_ += 0x9e3779b97f4a7c15ULL;
    return result;
  }

  // In [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  // In [0, count); count >= 1. Multiply-shift: its bias is below count / 2^64.
  uint64_t below(uint64_t count) { return static_cast<uint64_t>((static_cast<unsigned __int128>(next()) * count) >> 64); }

  // Fisher-Yates.
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  uint64_t state_;
};

}  // namespace difflm
