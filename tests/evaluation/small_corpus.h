// Texts with a little grammar and uneven word frequencies, any number of them from a seed.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "difflm/core/random.h"

namespace difflm {

// "The old harbour keeps a quiet light near the tower .", with some 80 words in use.
inline std::vector<std::string> small_corpus(size_t count, uint64_t seed) {
  static constexpr std::array<const char*, 6> kKinds = {"old", "quiet", "green", "narrow", "bright", "late"};
  static constexpr std::array<const char*, 8> kThings = {"harbour", "garden", "light",  "tower",
                                                         "river",   "train",  "market", "window"};
  static constexpr std::array<const char*, 5> kActs = {"keeps", "finds", "holds", "meets", "turns"};
  static constexpr std::array<const char*, 4> kPlaces = {"near", "behind", "under", "above"};
  RandomStream random(seed, "small corpus");
  // The lesser of two draws: the first entries are the frequent ones.
  const auto pick = [&](const auto& list) {
    return std::string(list[std::min(random.below(list.size()), random.below(list.size()))]);
  };
  const auto name = [&] {
    const uint64_t number = random.below(13) * random.below(13);
    std::string word = "Q";
    for (uint64_t rest = number; rest > 0; rest /= 5) word += static_cast<char>('a' + rest % 5);
    return word;
  };
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    const std::array<std::string, 4> drawn = {pick(kKinds), pick(kThings), pick(kActs), pick(kThings)};  // in this order
    std::string text = fmt::format("The {} {} {} a {}", drawn[0], drawn[1], drawn[2], drawn[3]);
    if (random.below(2) == 0) text += fmt::format(" {} the {}", pick(kPlaces), pick(kThings));
    if (random.below(3) == 0) text += fmt::format(" of {}", name());
    text += " .";
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace difflm
