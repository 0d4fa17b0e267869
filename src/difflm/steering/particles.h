// Texts that compete: `control.particles` of them are written for each text asked for, and at a few points those that get ahead in
// their wishes take the places of those that fall back (sequential Monte Carlo; as steering of diffusion, Singhal et al. 2025,
// arXiv 2501.06848).
//
// Each has a potential, the weighted sum of what the wishes say of it, in nats. Its weight is exp(potential now - potential when
// its text last took places). Where the effective number of texts, (sum w)^2 / sum w^2, falls to half of them, they are drawn
// again by weight: systematic resampling (Kitagawa 1996), so that a text of weight w gets the floor or the ceiling of its share. A
// wish that pulls at tokens has a hand in every step already, and particles add what it misses; one that only rates texts has
// nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "difflm/core/random.h"

namespace difflm {

class Particles {
 public:
  // `count` for each text: samples count * i to count * (i + 1) - 1 belong to text i.
  Particles(int64_t count, uint64_t seed) : count_(count), seed_(seed) {}

  int64_t count() const { return count_; }
  int64_t text_of(int64_t sample) const { return sample / count_; }

  // The row that each row of a batch goes on from, from the potentials of its `samples`; all those of a text are neighbours.
  std::vector<int64_t> resample(const std::vector<int64_t>& samples, const std::vector<double>& potentials);

 private:
  struct Text {
    RandomStream random;
    std::vector<double> before;  // potentials when places were last taken
  };

  int64_t count_;
  uint64_t seed_;
  std::map<int64_t, Text> texts_;
};

// The places that `weights` get of as many as they are, by systematic resampling with the offset 0 <= u < 1: which each goes on
// from. One that keeps a place keeps its own.
std::vector<int64_t> systematic_resampling(const std::vector<double>& weights, double u);

}  // namespace difflm
