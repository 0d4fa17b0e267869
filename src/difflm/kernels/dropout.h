// Dropout without a stored mask: whether a value is kept is a hash of its place and the seed, so that the backward pass gets the
// same mask again.
#pragma once

#include <cstdint>

namespace difflm {

struct Dropout {
  float share = 0;    // of values that become zero, below 1
  uint32_t seed = 0;  // a different one for every call and every place in the network
  bool is_on() const { return share > 0; }
};

// Factors of values: 0 with probability `share`, else 1 / (1 - share).
class DropoutMask {
 public:
  [[gnu::always_inline]] explicit DropoutMask(const Dropout& dropout)
      : seed_(dropout.seed), threshold_(static_cast<uint32_t>(dropout.share * 4294967040.0F)), kept_(1 / (1 - dropout.share)) {}

  // The hash "lowbias32" by C. Wellons.
  [[gnu::always_inline]] float factor(uint32_t place) const {
    uint32_t bits = place * 0x9E3779B9U + seed_;
    bits = (bits ^ (bits >> 16)) * 0x7FEB352DU;
    bits = (bits ^ (bits >> 15)) * 0x846CA68BU;
    bits ^= bits >> 16;
    return bits >= threshold_ ? kept_ : 0.0F;
  }

 private:
  uint32_t seed_;
  uint32_t threshold_;
  float kept_;
};

}  // namespace difflm
