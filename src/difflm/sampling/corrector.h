// Words of a finished text that the others find improbable, drawn anew.
//
// All words appear together, so two of them can each be likely and yet forbid one another ("tea and coffee" where the language has
// "tea and cakes"). A finished text shows it: a word is taken out, its latent is pure noise again, and the model, which has learned
// to fill in what is missing, is asked what stands there. Where it is far less probable than the likeliest word, another is drawn
// from what the model says: a step of Gibbs sampling at the places that need it (informed correctors, Zhao et al. 2024, arXiv
// 2407.21243). Where the language is strict right words are seldom touched and texts stay about as varied; of real text, whose rare
// words are right too, it costs variety (docs/tried.md). Every fourth word is taken out at a time: a sweep asks the network four
// times.
#pragma once

#include <vector>

#include "difflm/core/random.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/sampler.h"
#include "difflm/sampling/steering.h"

namespace difflm {

class Corrector {
 public:
  // A word is improbable below the share `improbable`, 0 to 1, of the likeliest one's probability. The model must have a
  // given_flag.
  Corrector(DiffusionModel& model, const Tensor& table, double improbable, double temperature)
      : model_(model), table_(table), improbable_(improbable), temperature_(temperature) {}

  // One sweep over `text` [B,T] with the probabilities of its words; `fixed` [B,T] bool marks words that stay, undefined for none.
  // `condition` has labels and guidance. Row b draws from random[b], so a text is the same in any batch. With a `steering` that
  // pulls at words, what a word may be is what the model says given the wishes.
  void sweep(Rounding::Rounded& text, const Tensor& fixed, const DenoiseInput& condition, const NoiseSource& noise,
             std::vector<RandomStream>& random, Steering* steering = nullptr) const;

 private:
  // What the model says of the words that are `open` [B,T] with the others given, [B,T,V] probabilities; of no use for the others.
  Tensor probabilities(const Tensor& tokens, const Tensor& open, DenoiseInput input, const NoiseSource& noise,
                       Steering* steering) const;

  DiffusionModel& model_;
  Tensor table_;  // [V,D]
  double improbable_;
  double temperature_;
};

}  // namespace difflm
