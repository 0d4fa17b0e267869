// Tokens of a finished text that the others find improbable are drawn again.
//
// All tokens appear together, so two of them can each be probable and yet exclude one another ("tea and coffee" where the language
// has "tea and cakes"). A finished text shows it: a token is taken out, its latent is pure noise again, and the model, which has
// learned to fill in what is missing, gives the probabilities at its place. Where the token is far less probable than the most
// probable one, another is drawn from these probabilities: a step of Gibbs sampling at the places that need it (informed
// correctors, Zhao et al. 2024, arXiv 2407.21243). Where the language is strict, right tokens are seldom changed and texts stay
// about as varied. On real text, whose rare words are right too, it costs variety (docs/tried.md). Every fourth token is taken out
// at a time: a sweep evaluates the network four times.
#pragma once

#include <vector>

#include "difflm/core/random.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/sampler.h"
#include "difflm/sampling/steering.h"

namespace difflm {

class Corrector {
 public:
  // A token is improbable below the fraction `improbable`, 0 to 1, of the most probable one's probability. The model must have a
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
  // The model's probabilities [B,T,V] of the tokens that are `open` [B,T], the others given; of no use for the others.
  Tensor probabilities(const Tensor& tokens, const Tensor& open, DenoiseInput input, const NoiseSource& noise, Steering* steering,
                       const Tensor& penalty) const;

  DiffusionModel& model_;
  Tensor table_;  // [V,D]
  double improbable_;
  double temperature_;
};

}  // namespace difflm
