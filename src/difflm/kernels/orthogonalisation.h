// The nearest matrix with equal singular values, by the Newton-Schulz iteration: what Muon turns a gradient into (Jordan 2024,
// https://kellerjordan.github.io/posts/muon; Bernstein & Newhouse 2024, arXiv 2409.20325).
//
// X is scaled so that no singular value exceeds 1; then five times X <- (a I + b A + c A^2) X with A = X X^T. With the coefficients
// below this brings every singular value above about 0.01 into 0.7 .. 1.2: not exactly 1, but as good for a descent direction, and
// products in bfloat16 are precise enough. One matrix is one thread's work, start to end, so that it stays in that thread's cache.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "difflm/kernels/processor.h"

namespace difflm {

inline constexpr int kOrthogonalisationSteps = 5;
inline constexpr float kOrthogonalisationA = 3.4445F;
inline constexpr float kOrthogonalisationB = -4.7750F;
inline constexpr float kOrthogonalisationC = 2.0315F;

class Orthogonalisation {
 public:
  // The processor must offer `level`.
  explicit Orthogonalisation(Instructions level);
  ~Orthogonalisation();
  Orthogonalisation(const Orthogonalisation&) = delete;
  Orthogonalisation& operator=(const Orthogonalisation&) = delete;

  // Replaces each of `count` dense matrices [rows, columns], stored one after the other. A matrix of zeros stays zero.
  void run(float* matrices, int64_t count, int64_t rows, int64_t columns);

 private:
  struct Worker;
  Instructions level_;
  std::vector<std::unique_ptr<Worker>> workers_;  // one per thread
};

}  // namespace difflm
