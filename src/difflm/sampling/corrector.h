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
//
// Where finished texts are weighed, what is drawn is a proposal, accepted with probability min(1, new weight / old weight): since it
// comes from the model's own conditional probabilities, these cancel (Metropolis within Gibbs, Tierney 1994). Texts tend to weight
// times the model's probability, as far as its conditionals are those of one distribution. The weight may also replace that
// probability, as a whole or to a power. As a whole, each step leaves the weight's distribution as it is, exactly, whatever the model
// proposes; only a wish that keeps tokens, or spelling, moves texts besides.
#pragma once

#include <functional>
#include <vector>

#include "difflm/core/random.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/sampler.h"
#include "difflm/sampling/spelling_rule.h"
#include "difflm/sampling/steering.h"

namespace difflm {

struct CorrectorOptions {
  double improbable = 1;
  double temperature = 1;
  double top_p = 1;
};

class Corrector {
 public:
  // A token is drawn again if its probability is below the fraction `improbable` of the most probable one's; with 1 every token
  // is, except those that a wish makes far more probable: the only token that fulfils it must not be lost. The model must have a
  // given_flag.
  Corrector(DiffusionModel& model, const Tensor& table, const CorrectorOptions& options)
      : model_(model), table_(table), options_(options) {}

  // What belongs to the texts of a batch.
  struct Batch {
    Tensor fixed;            // [B,T] bool, tokens that stay; undefined: none
    DenoiseInput condition;  // labels and guidance
    NoiseSource noise;
    std::vector<RandomStream>& random;  // row b draws from random[b], so a text is the same in any batch
    Steering* steering = nullptr;       // where it guides logits, the probabilities are those of the model given the wishes
    Tensor penalty = {};                // [B,T,V], added to the logits; undefined: nothing
    // Log-weights of texts, [B]: their probability tends to exp(weight) times the model's own to the power 1 - replaced. Empty: every
    // correction is accepted.
    std::function<std::vector<double>(const Rounding::Rounded& text)> weigh = {};
    double replaced = 0;
  };

  // One sweep over `text` [B,T] with the probabilities of its tokens.
  void sweep(Rounding::Rounded& text, const Batch& batch) const;

  // Draws again what is misspelled in `text` by a rule; one evaluation, if there is anything. What has a token that is fixed, or
  // wished for, stays.
  void respell(Rounding::Rounded& text, const SpellingRule& spelling, const Batch& batch) const;

 private:
  struct Believed {
    Tensor probabilities;  // [N,V], at the N open places, row by row
    Tensor own;            // the same without the wishes
    Tensor wished;         // [N] bool, tokens that fulfil a wish; undefined: none
  };

  // Restores the rows of `proposed` that are rejected, and keeps `weights` those of the rows. `regret` [B]: the model's log-probability
  // of the tokens before, less that of the proposed ones.
  static void accept(Rounding::Rounded& proposed, const Rounding::Rounded& before, std::vector<double>& weights,
                     const Tensor& regret, const Batch& batch);

  // What the model makes of the places that are `open` [B,T], the tokens elsewhere given.
  Believed probabilities(const Tensor& tokens, const Tensor& open, const Batch& batch) const;

  DiffusionModel& model_;
  Tensor table_;  // [V,D]
  CorrectorOptions options_;
};

}  // namespace difflm
