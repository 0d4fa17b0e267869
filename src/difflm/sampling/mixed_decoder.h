// Mixed decoding: the words of a denoised text are written from left to right, by what the diffusion believes of each place and
// what an autoregressive model of the same words expects after those already written.
//
// The hobby baseline averaged the scores of both. But what they know adds up: if the noisy latents and the words before told of a
// word independently, Bayes' rule would say
//   log p(w)  =  log p_diffusion(w)  +  weight (log p_autoregressive(w | words before) - log p(w)),     weight = 1.
// A place of which the diffusion is sure stays as it is, since its other words have no probability to be raised. The latents have
// seen the words before too, which a weight below 1 would allow for; it did not help (docs/tried.md). A finished text is sure
// everywhere; `from` ends the diffusion early, while something is left to decide.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/model/autoregressive_reader.h"
#include "difflm/model/rounding.h"

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
  // For texts of `run`. Throws a usage error where sampling.mixed.autoregressive is no autoregressive run of the same words, a
  // failure where the texts it was trained on are gone, whose word frequencies are p(w).
  explicit MixedDecoder(const Run& run);

  // The noise level at which the diffusion ends.
  double from() const { return options_.from; }

  // Words drawn with the temperature, row by row from `random`: scores [B,T,V] of the diffusion; words that stand [B,T] int64, -1
  // where open, or undefined -> words and their probabilities, [B,T] on the CPU.
  Rounding::Rounded decode(const Tensor& logits, const Tensor& standing, double temperature,
                           std::vector<RandomStream>& random) const;

 private:
  MixedOptions options_;
  AutoregressiveReader reader_;
  Tensor log_frequencies_;  // [V]
  Frame frame_;
};

}  // namespace difflm
