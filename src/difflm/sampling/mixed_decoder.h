// Mixed decoding: the words of a denoised text are written from left to right, by what the diffusion believes of each place and
// what an autoregressive model of the same words expects after those already written.
//
// The hobby baseline added both models' scores with one weight everywhere. Here the weight is less where the diffusion is sure:
//   log p(w) = (1 - a) log p_diffusion(w) + a log p_autoregressive(w | words before),   a = weight (1 - max_w p_diffusion(w)),
// so that the autoregressive model says what goes together and the diffusion what the text is about. A finished text is sure of
// all its words; `from` ends the diffusion early, while something is left to decide.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/model/rounding.h"
#include "difflm/model/soft_judge.h"

namespace difflm {

// Section `sampling.mixed`, read where sampling.rounding is "mixed".
struct MixedOptions {
  std::string autoregressive;
  double weight = 1;
  double from = 0.5;
  void describe(OptionVisitor& visitor);
};

class MixedDecoder {
 public:
  // For texts of `run`. Throws a usage error where sampling.mixed.autoregressive is no autoregressive run of the same words.
  explicit MixedDecoder(const Run& run);

  // The noise level at which the diffusion ends.
  double from() const { return options_.from; }

  // Words drawn with the temperature, row by row from `random`: scores [B,T,V] of the diffusion; words that stand [B,T] int64, -1
  // where open, or undefined -> words and their probabilities, [B,T] on the CPU.
  Rounding::Best decode(const Tensor& scores, const Tensor& standing, double temperature, std::vector<RandomStream>& random) const;

 private:
  MixedOptions options_;
  SoftJudge reader_;
  Frame frame_;
};

}  // namespace difflm
