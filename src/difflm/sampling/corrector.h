// Tokens of a finished text are drawn again, each from what the others make probable: Gibbs sampling (Geman and Geman 1984).
//
// All tokens appear together, so two of them can each be probable and yet exclude one another ("tea and coffee" where the language
// has "tea and cakes"). A finished text shows it: a token is taken out, its latent is pure noise again, and the model, which has
// learned to fill in what is missing, gives the probabilities at its place. Every fourth token is taken out at a time: a sweep
// evaluates the network four times.
//
// Real text has rare words that are right, so there all tokens are drawn again: what is rare stays as frequent as the model
// believes it to be. Where the language is strict, only those are that are far less probable than the most probable one (informed
// correctors, Zhao et al. 2024, arXiv 2407.21243): right ones are left alone; on real text that costs variety (docs/tried.md).
#pragma once

#include <vector>

#include "difflm/core/random.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/sampler.h"
#include "difflm/sampling/steering.h"

namespace difflm {

class Corrector {
 public:
  // A token is drawn again if its probability is below the fraction `improbable` of the most probable one's; with 1 every token
  // is, except those that a wish makes far more probable: the only token that fulfils it must not be lost. The model must have a
  // given_flag.
  Corrector(DiffusionModel& model, const Tensor& table, double improbable, double temperature)
      : model_(model), table_(table), improbable_(improbable), temperature_(temperature) {}

  // One sweep over `text` [B,T] with the probabilities of its tokens; `fixed` [B,T] bool marks tokens that stay, undefined for
  // none. `condition` has labels and guidance. Row b draws from random[b], so a text is the same in any batch. With a `steering`
  // that guides logits, the probabilities are those of the model given the wishes. `penalty` [B,T,V] is added to
  // the logits; undefined: nothing.
  void sweep(Rounding::Rounded& text, const Tensor& fixed, const DenoiseInput& condition, const NoiseSource& noise,
             std::vector<RandomStream>& random, Steering* steering = nullptr, const Tensor& penalty = {}) const;

 private:
  struct Believed {
    Tensor probabilities;  // [B,T,V]
    Tensor wished;         // [B,T] bool, tokens that fulfil a wish; undefined: none
  };

  // What the model makes of the places that are `open` [B,T], the tokens elsewhere given; of no use for these.
  Believed probabilities(const Tensor& tokens, const Tensor& open, DenoiseInput input, const NoiseSource& noise, Steering* steering,
                         const Tensor& penalty) const;

  DiffusionModel& model_;
  Tensor table_;  // [V,D]
  double improbable_;
  double temperature_;
};

}  // namespace difflm
