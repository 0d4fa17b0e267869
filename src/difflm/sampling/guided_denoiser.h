// The model as sampling evaluates it: committed tokens are given, and guidance is added.
//
// Three things may guide the tokens of an estimate besides the model: labels on which it is conditioned, the bigrams of the
// training text (bigram_energy.h), and a steering (steering.h), which may also move the latents between steps. The temperature
// divides the logits, whatever guides them.
#pragma once

#include <optional>

#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/bigram_energy.h"
#include "difflm/sampling/denoising_loop.h"
#include "difflm/sampling/draft.h"
#include "difflm/sampling/steering.h"

namespace difflm {

// What guides the model, and how strongly.
struct Guidance {
  double temperature = 1;
  double fluency = 0;                     // weight of the bigrams
  const BigramEnergy* bigrams = nullptr;  // null: none
  Steering* steering = nullptr;           // null: none
};

class GuidedDenoiser {
 public:
  // For one batch, whose texts are in `draft`; `table` [V,D] is the model's. All must outlive it.
  GuidedDenoiser(DiffusionModel& model, const Tensor& table, const Guidance& guidance, const Draft& draft);

  // One pass of the network over x_t [B,T,D] at level u, with the guidance added.
  Denoised operator()(const Tensor& x_t, double u, const Tensor& previous_x0) const;

  // The tokens of an estimate: from its guided logits, or by the model's rounding.
  Rounding::Rounded round(const Denoised& denoised) const;

  // The logits [B,T,V] of the tokens of an estimate.
  Tensor logits(const Denoised& denoised) const;

  // The probabilities of the tokens of an estimate at the places [B,T] bool, by the model and all that guides it: [N,V].
  Tensor probabilities(const Denoised& denoised, const Tensor& places) const;

  // What the steering does to the latents after a step; empty: nothing.
  StepHook after_step() const;

  // The input of the network without latents: what it is conditioned on.
  DenoiseInput conditions() const { return {{}, {}, {}, {}, labels_, condition_.guidance_scale}; }

 private:
  bool guides_tokens() const;
  Denoised guided(const Estimate& estimate, const DenoiseInput& input, double u) const;

  DiffusionModel& model_;
  const Tensor& table_;
  Guidance guidance_;
  const Draft& draft_;
  Condition condition_;
  Tensor labels_;  // [B,L], undefined: unconditional
};

}  // namespace difflm
