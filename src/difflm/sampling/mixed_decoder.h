// Mixed decoding: the tokens of a denoised text are written from left to right, from the probabilities of the diffusion at each
// place and those of an autoregressive model of the same vocabulary after the tokens already written.
//
// The hobby baseline averaged the logits of both. But their evidence adds up: if the noisy latents and the preceding tokens were
// independent given a token, Bayes' rule would give
//   log p(w)  =  log p_diffusion(w)  +  weight (log p_autoregressive(w | words before) - log p(w)),     weight = 1.
// A place where the diffusion is certain is unchanged, since its other tokens have no probability to be raised. The latents also
// depend on the preceding tokens, which a weight below 1 would allow for; it did not help (docs/tried.md). A finished text is
// certain everywhere; `from` ends the diffusion early, while something is left to decide.
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
  // For texts of `run`. Throws a usage error where sampling.mixed.autoregressive is not an autoregressive run of the same
  // vocabulary, a failure where the texts `run` was trained on are gone, whose token frequencies are p(w).
  explicit MixedDecoder(const Run& run);

  // The noise level at which the diffusion ends.
  double from() const { return options_.from; }

  // Tokens drawn with the temperature, row by row from `random`: logits [B,T,V] of the diffusion; given tokens [B,T] int64, -1
  // where open, or undefined -> tokens and their probabilities, [B,T] on the CPU.
  Rounding::Rounded decode(const Tensor& logits, const Tensor& standing, double temperature,
                           std::vector<RandomStream>& random) const;

 private:
  MixedOptions options_;
  AutoregressiveReader reader_;
  Tensor log_frequencies_;  // [V]
  Frame frame_;
};

}  // namespace difflm
