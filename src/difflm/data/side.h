// The two sides of a corpus: the texts that a model learns from, and those held out to validate it.
#pragma once

#include <array>

namespace difflm {

enum class Side { training, validation };
inline constexpr std::array kSides = {Side::training, Side::validation};

// "train" or "validation": the stem of the side's files in a prepared corpus.
inline const char* file_stem(Side side) { return side == Side::training ? "train" : "validation"; }

// One value for each side.
template <class T>
struct Sides {
  T training;
  T validation;

  T& operator[](Side side) { return side == Side::training ? training : validation; }
  const T& operator[](Side side) const { return side == Side::training ? training : validation; }
};

}  // namespace difflm
