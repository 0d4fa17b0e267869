// Equal parts of the noise levels u in [0,1], for which validation logs separate figures: a loss over all levels hides at which
// levels it arises.
#pragma once

#include <algorithm>
#include <cstddef>

namespace difflm {

inline constexpr size_t kNoiseBins = 8;

inline size_t noise_bin(double u) { return std::min(kNoiseBins - 1, static_cast<size_t>(u * kNoiseBins)); }

}  // namespace difflm
